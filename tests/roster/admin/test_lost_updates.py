"""Nobody undoes unknowingly what somebody else has saved: every page of the admin that changes rows, and its tables."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model, QuerySet
from django.test import Client
from pytest_django.plugin import DjangoDbBlocker

from memberships.models import Membership
from organizations.models import CustomField, Organization
from roster.admin.forms import ConstraintForm
from roster.admin.pages import StaffAdmin
from roster.models import User
from tests.pages import Page, opened, signed_in
from tests.roster.admin.crowd import Crowd
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture(scope="module")
def crowd_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), transaction.atomic():
        crowd = Crowd(User.objects.create_superuser("root"))
        crowd.grow(to=1)
        yield crowd
        transaction.set_rollback(True)


@pytest.fixture
def client(db: None) -> Client:
    return signed_in(User.objects.create_superuser("robin"))


def new_values(page: Page) -> Iterator[tuple[str, str, str | None]]:
    """For each field of a page and of its tables: its name on the page, the name of the field, another value."""
    context = page.response.context
    for form in (
        context["adminform"].form,
        *(row for t in context["inline_admin_formsets"] for row in t.formset.initial_forms),
    ):
        for name, field in form.fields.items():
            sent = form.add_prefix(name)
            if name == "DELETE" or (sent not in page.form.data and not isinstance(field, forms.BooleanField)):
                continue
            value = (page.form.data.get(sent) or [""])[-1]
            if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
                yield sent, name, None if sent in page.form.data else "on"
            elif isinstance(field, forms.DateField):
                yield sent, name, "2020-09-02"
            elif isinstance(field, forms.IntegerField):
                yield sent, name, str(int(value or 0) + 1)
            elif isinstance(field.widget, forms.TextInput | forms.Textarea) and not isinstance(
                field.widget, forms.HiddenInput
            ):
                yield sent, name, f"{value}1"


def stored(row: Model) -> list[Any]:
    """The values of the row's table and of those on its page, but for those that move with every change."""
    tables = [type(row), *(each.model for each in admin.site.get_model_admin(type(row)).get_inline_instances(None))]  # type: ignore[arg-type]
    names = [[field.attname for field in table._meta.concrete_fields if field.editable] for table in tables]
    return [list(QuerySet(table).order_by("pk").values(*each)) for table, each in zip(tables, names, strict=True)]


def test_of_two_who_save_one_page_the_second_is_refused_with_a_message(
    client: Client, crowd_of_the_module: Crowd
) -> None:
    """In each form of each page: the first saves another value, the second saves the page as it was before."""
    checked: set[str] = set()
    for row in crowd_of_the_module.subjects():
        first = opened(client, row)
        if "_version" not in first.form.data or "Save" not in first.form.buttons:
            continue
        refused_forms: set[str] = set()
        candidates = list(new_values(first))
        for sent, _, value in candidates:
            form = sent.rpartition("-")[0].rpartition("-")[0]
            if form in refused_forms:
                continue
            with transaction.atomic():
                before = stored(row)
                if first.send(**{sent: value}).response.redirect_chain:
                    saved = stored(row)
                    answer = first.send()
                    refused_forms.add(form)
                    kept = answer.form.data.get(sent) == first.form.data.get(sent)
                    asked = any("Saved meanwhile" in error for error in answer.errors)
                    refused = stored(row) == saved
                    again = bool(answer.send().response.redirect_chain)
                    assert (asked, kept, refused, again) == (True,) * 4, (row._meta.label, sent)
                    assert stored(row) == before, (row._meta.label, sent)
                transaction.set_rollback(True)
        assert refused_forms or not candidates, row._meta.label
        checked |= {f"{row._meta.label} {form}" for form in refused_forms}

    assert {"roster.User ", "roster.User memberships", "organizations.Position memberships"} <= checked
    assert {"organizations.Organization positions", "organizations.Organization custom_fields"} <= checked
    assert "lti.CourseLink roles" in checked


def test_every_form_of_the_admin_is_of_the_kind_that_asks() -> None:
    for model, pages in admin.site._registry.items():
        inlines: list[Any] = [inline.form for inline in pages.get_inline_instances(None)]  # type: ignore[arg-type]
        assert isinstance(pages, StaffAdmin), model
        assert all(issubclass(form, ConstraintForm) for form in (pages.form, *inlines)), model
        assert pages.list_editable == (), model


def test_both_values_are_shown(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.marisol)
    opened(client, sample.marisol).send(is_confidential=None, mobile_phone="555-0100", status="inactive")

    page = other.send(mobile_phone="555-0199", groups=[])

    assert page.errors == [
        "Saved meanwhile: “Inactive”. Yours: “Active”. To keep yours, save once more.",
        "Saved meanwhile: no. Yours: yes. To keep yours, save once more.",
        "Saved meanwhile: “555-0100”. Yours: “555-0199”. To keep yours, save once more.",
    ]
    sample.marisol.refresh_from_db()
    assert (sample.marisol.is_confidential, sample.marisol.mobile_phone) == (False, "555-0100")


def test_chosen_rows_and_days_are_shown_as_people_read_them(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.chess_club)
    membership = opened(client, sample.amara_chess)
    opened(client, sample.chess_club).send(parent=str(sample.lead.pk), categories=[str(sample.arts.pk)])
    opened(client, sample.amara_chess).send(recorded_end="2023-05-19", shown_on_public="true")

    assert other.send().errors == [
        "Saved meanwhile: “Arts”. Yours: nothing. To keep yours, save once more.",
        "Saved meanwhile: “*LEAD*”. Yours: nothing. To keep yours, save once more.",
    ]
    assert membership.send().errors == [
        "Saved meanwhile: “2023-05-19”. Yours: “2023-05-18”. To keep yours, save once more.",
        "Saved meanwhile: “Yes”. Yours: “No”. To keep yours, save once more.",
    ]


BANNER = "Nothing was saved: somebody else has saved this page since you opened it."
CORRECT = "Please correct the error"


def test_a_page_with_conflicts_alone_says_what_has_happened(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.marisol)
    opened(client, sample.marisol).send(mobile_phone="555-0100")

    html = other.send(mobile_phone="555-0199").response.content.decode()

    assert (BANNER in html, CORRECT in html) == (True, False)
    wrong = opened(client, sample.marisol).send(username="").response.content.decode()
    assert (BANNER in wrong, CORRECT in wrong) == (False, True)


def test_a_value_that_has_to_be_corrected_is_not_offered_to_be_saved(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.amara_chess)
    opened(client, sample.amara_chess).send(recorded_end="2023-05-19")

    page = other.send(recorded_end="19.05.2023")

    assert page.errors[1:] == ["Saved meanwhile: “2023-05-19”."]
    assert page.errors[0].startswith("Write the day as")
    html = page.response.content.decode()
    assert (BANNER in html, CORRECT in html) == (True, True)
    assert page.send(recorded_end="2023-05-20").response.redirect_chain


def test_a_page_that_does_not_say_what_it_was_built_from_changes_nothing(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.marisol).send(_version=None, is_confidential=None)

    assert page.errors == ["Saved meanwhile: yes. Yours: no. To keep yours, save once more."]
    sample.marisol.refresh_from_db()
    assert sample.marisol.is_confidential


@pytest.mark.parametrize("version", ["x", "[]", "{}", "null", '{"roster.user:PK": 3}', '{"roster.user:PK": [1]}'])
def test_no_version_breaks_a_page(client: Client, sample: SampleData, version: str) -> None:
    version = version.replace("PK", str(sample.marisol.pk))
    assert opened(client, sample.marisol).send(_version=version, mobile_phone="555-0100").status == 200


def test_what_both_saved_alike_and_what_only_one_saved_is_no_conflict(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.marisol)
    opened(client, sample.marisol).send(is_confidential=None)
    User.objects.filter(pk=sample.marisol.pk).update(last_login="2026-01-01T00:00:00Z")  # a sign-in meanwhile

    page = other.send(is_confidential=None, mobile_phone="555-0100")

    assert page.response.redirect_chain
    sample.marisol.refresh_from_db()
    assert (sample.marisol.is_confidential, sample.marisol.mobile_phone) == (False, "555-0100")


def row_of(page: Page, row: Model) -> str:
    """Where the table of a page has this row: “memberships-0”."""
    table = next(name for name, value in page.form.data.items() if name.endswith("-id") and value == [str(row.pk)])
    return table.removesuffix("-id")


def test_a_membership_ended_on_its_own_page_is_not_opened_again_on_the_persons(
    client: Client, sample: SampleData
) -> None:
    other = opened(client, sample.ben)
    row = row_of(other, sample.ben_treasurer)
    opened(client, sample.ben_treasurer).send(recorded_end="2077-01-31")

    page = other.send(**{f"{row}-shown_on_public": "true"})

    assert page.errors == ["Saved meanwhile: “2077-01-31”. Yours: nothing. To keep yours, save once more."]
    assert page.form.data[f"{row}-shown_on_public"] == ["true"]
    sample.ben_treasurer.refresh_from_db()
    assert str(sample.ben_treasurer.recorded_end) == "2077-01-31"


def test_a_row_of_a_table_that_was_changed_meanwhile_is_not_deleted(client: Client, sample: SampleData) -> None:
    other = opened(client, sample.ben)
    row = row_of(other, sample.ben_treasurer)
    opened(client, sample.ben_treasurer).send(recorded_end="2077-01-31")

    page = other.send(**{f"{row}-DELETE": "on"})

    message = f"“{sample.ben_treasurer}” was not deleted. Saved meanwhile: Recorded end: “2077-01-31”."
    assert page.errors == [f"{message} To delete it, save once more."]
    page.send()
    assert Membership.objects.get(pk=sample.ben_treasurer.pk).is_deleted


def test_a_row_of_a_table_that_was_deleted_meanwhile_stays_deleted(client: Client, sample: SampleData) -> None:
    person, chess = opened(client, sample.ben), opened(client, sample.chess_club)
    gone = CustomField.objects.get(name="Budget code")
    rows = row_of(person, sample.ben_treasurer), row_of(chess, gone)
    sample.ben_treasurer.delete()
    gone.delete()

    first = person.send(**{f"{rows[0]}-recorded_end": "2077-01-31"})
    second = chess.send(**{f"{rows[1]}-name": "Another name"}, summary="Plays chess")

    message = "Somebody has deleted this row meanwhile. It stays deleted, and what you typed here is not saved."
    assert (first.errors, second.errors) == ([message], [message])
    assert second.form.data[f"{rows[1]}-name"] == ["Another name"]
    assert ["Meeting days"] in second.form.data.values()
    assert second.send().response.redirect_chain
    sample.ben_treasurer.refresh_from_db()
    assert (sample.ben_treasurer.is_deleted, sample.ben_treasurer.recorded_end) == (True, None)
    assert list(sample.chess_club.custom_fields.values_list("name", flat=True)) == ["Meeting days"]
    assert Organization.objects.get(pk=sample.chess_club.pk).summary == "Plays chess"


def test_what_was_typed_for_a_row_that_is_gone_is_shown(client: Client, sample: SampleData) -> None:
    category, membership = opened(client, sample.wellness), opened(client, sample.ben_treasurer)
    sample.wellness.delete()
    sample.ben_treasurer.delete()

    gone = category.send(name="Wellness and sport")
    deleted = membership.send(recorded_end="2077-01-31")

    assert gone.status == 409
    assert "somebody has deleted it. This is what you typed: name Wellness and sport" in gone.text
    assert deleted.status == 403
    assert "Deleted: only staff see this membership, and only on request. Restore it to change it." in deleted.text
    assert "recorded end 2077-01-31" in deleted.text
