"""A row in use is not deleted: the page lists what uses it and offers to retire it. Nothing ends in an error page."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Group
from django.db.models import ProtectedError
from django.test import Client

from organizations.models import Category, CustomField, Organization, Position, PositionTemplate
from roster.models import ApiKey, User
from tests.pages import opened, signed_in
from tests.roster.admin.crowd import Crowd
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def root() -> User:
    user: User = User.objects.create_superuser("root")
    return user


@pytest.fixture
def client(root: User, sample: SampleData) -> Client:
    return signed_in(root)


@pytest.mark.parametrize(
    "name, users",
    [
        ("nadia", []),
        ("dalia", ["1 membership"]),
        ("amara", ["1 organization", "6 memberships"]),
        ("chess_club", ["2 positions"]),
        ("senator", ["3 memberships"]),
        ("member_kind", ["7 positions"]),
        ("officer", ["3 position templates", "10 positions"]),
        ("governing_body", ["2 organizations"]),
    ],
)
def test_the_page_tells_what_uses_a_row(client: Client, sample: SampleData, name: str, users: list[str]) -> None:
    page = opened(client, getattr(sample, name), "delete")

    assert sorted(page.response.context["protected"]) == sorted(users)


@pytest.mark.parametrize("name", ["amara", "chess_club", "senator", "member_kind", "officer", "governing_body"])
def test_a_row_in_use_stays_even_when_its_page_is_sent(client: Client, sample: SampleData, name: str) -> None:
    row: Any = getattr(sample, name)
    page = opened(client, row, "delete")

    answer = client.post(page.url, {"post": "yes"})

    assert answer.status_code == 200
    assert "cannot be deleted" in answer.content.decode()
    row.refresh_from_db()


@pytest.mark.parametrize("name", ["amara", "chess_club", "senator", "member_kind"])
def test_a_row_in_use_is_retired_from_the_page_that_refuses(client: Client, sample: SampleData, name: str) -> None:
    row: Any = getattr(sample, name)

    page = opened(client, row, "delete").send(_save=None)

    assert page.messages == [f"1 {row._meta.verbose_name} retired."]
    row.refresh_from_db()
    assert not row.is_active if hasattr(row, "is_active") else row.status == "inactive"
    assert LogEntry.objects.get(object_id=str(row.pk), action_flag=CHANGE).change_message == "Retired."


def test_a_word_in_use_is_not_retired_but_refused(client: Client, sample: SampleData) -> None:
    assert "Retire" not in opened(client, sample.officer, "delete").text


def test_a_row_that_nothing_uses_is_deleted(client: Client, sample: SampleData) -> None:
    opened(client, sample.nadia, "delete").send(_save=None)

    assert not User.objects.filter(pk=sample.nadia.pk).exists()
    assert LogEntry.objects.get(action_flag=DELETION).object_repr == "Nadia Farouk (nadia.farouk)"


def test_what_is_part_of_a_row_goes_with_it(client: Client) -> None:
    organization = Organization.objects.create(name="Mistake")
    CustomField.objects.create(organization=organization, name="Day", values=[])

    page = opened(client, organization, "delete")
    assert dict(page.response.context["model_count"]) == {"organizations": 1, "custom fields": 1}

    page.send(_save=None)
    assert not Organization.objects.filter(name="Mistake").exists()


def test_a_category_is_taken_off_its_organizations(client: Client, sample: SampleData) -> None:
    opened(client, sample.arts, "delete").send(_save=None)

    assert not Category.objects.filter(name="Arts").exists()
    assert list(sample.teatro.categories.all()) == []


def test_one_who_has_changed_something_stays_for_the_history(client: Client, root: User) -> None:
    clerk = User.objects.create_superuser("clerk")
    opened(signed_in(clerk), Category, "add").send(name="New")

    page = opened(client, clerk, "delete")

    assert page.response.context["protected"] == ["1 log entry"]


def test_of_selected_rows_none_is_deleted_when_one_is_in_use(client: Client, sample: SampleData) -> None:
    page = opened(client, User).act("delete_selected", sample.nadia, sample.amara)

    assert "cannot be deleted" in page.text
    assert "choose the action “Retire” instead" in page.text
    answer = client.post(
        page.url, {"action": "delete_selected", "_selected_action": [sample.nadia.pk, sample.amara.pk], "post": "yes"}
    )
    assert answer.status_code == 200
    assert User.objects.filter(pk__in=[sample.nadia.pk, sample.amara.pk]).count() == 2


def test_selected_rows_that_nothing_uses_are_deleted(client: Client, sample: SampleData) -> None:
    other = User.objects.create(username="other")

    page = opened(client, User).act("delete_selected", sample.nadia, other)
    assert page.form.buttons == ["Yes, delete them"]
    page.send(_save=None)

    assert not User.objects.filter(pk__in=[sample.nadia.pk, other.pk]).exists()


def test_selected_rows_are_retired_and_come_back(client: Client, sample: SampleData) -> None:
    page = opened(client, Organization)

    assert page.act("retire", sample.chess_club, sample.lead).messages == ["2 organizations retired."]
    assert Organization.objects.filter(pk__in=[sample.chess_club.pk, sample.lead.pk], status="inactive").count() == 2

    assert page.act("reactivate", sample.chess_club).messages == ["1 organization reactivated."]
    sample.chess_club.refresh_from_db()
    assert sample.chess_club.status == "active"


@pytest.mark.parametrize("name", ["chess_club", "senator", "member_kind", "nadia"])
def test_a_row_is_retired_and_reactivated_from_its_page(client: Client, sample: SampleData, name: str) -> None:
    row: Any = getattr(sample, name)

    page = opened(client, row).press("Retire").press("Reactivate")

    assert page.messages == [f"1 {row._meta.verbose_name} reactivated."]
    logged = LogEntry.objects.filter(object_id=str(row.pk)).order_by("pk").values_list("change_message", flat=True)
    assert list(logged) == ["Retired.", "Reactivated."]


def test_a_row_that_becomes_used_at_the_same_time_is_no_error(
    client: Client, sample: SampleData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise ProtectedError("in use", {sample.amara})

    page = opened(client, sample.nadia, "delete")
    monkeypatch.setattr(type(admin.site.get_model_admin(User)), "delete_model", refuse)

    answer = client.post(page.url, {"post": "yes"}, follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        "Nothing was deleted: another row refers to it. Check the page again: somebody may have changed it."
    ]
    assert not LogEntry.objects.filter(action_flag=DELETION).exists()


def test_no_delete_page_of_any_model_fails(root: User) -> None:
    client = signed_in(root)
    crowd = Crowd(root)
    crowd.grow(to=2)

    for row in crowd.subjects():
        page = opened(client, row, "delete")
        assert page.status in {200, 403}
        assert client.post(page.url, {"post": "yes"}).status_code in {200, 302, 403}
        answer = opened(client, type(row)).act("delete_selected", row)
        assert answer.status == 200


def test_a_list_names_only_the_first_of_many(client: Client) -> None:
    groups = [Group.objects.create(name=f"{number:02}") for number in range(25)]

    names = opened(client, Group).act("delete_selected", *groups).response.context["deletable_objects"][0]

    assert len(names) == 21
    assert names[-1] == "... and 5 more"


def test_a_key_in_force_is_revoked_before_it_is_deleted(client: Client) -> None:
    key, _ = ApiKey.create_bearer("Portal")
    page = opened(client, key, "delete")
    assert page.response.context["protected"] == ["programs: “Portal” is in force. Revoke it first."]

    opened(client, key).press("Revoke")
    opened(client, key, "delete").send(_save=None)

    assert not ApiKey.objects.filter(pk=key.pk).exists()


def test_retired_rows_are_found_by_a_filter(client: Client, sample: SampleData) -> None:
    Position.objects.filter(pk=sample.senator.pk).retire()
    PositionTemplate.objects.filter(pk=sample.member_kind.pk).retire()

    assert opened(client, Position, is_active__exact="0").listed == [sample.senator, sample.guild_president]
    assert opened(client, PositionTemplate, is_active__exact="0").listed == [sample.member_kind]
