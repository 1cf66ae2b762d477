"""Campus-wide lists: templates with flags of three states, types, categories, and positions on their own pages."""

from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from organizations.models import Category, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#Officer"


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


@pytest.mark.parametrize("sent, kept", [("unknown", None), ("true", True), ("false", False)])
@pytest.mark.parametrize("flag", ["default_shown_on_campus", "default_shown_on_public"])
def test_a_default_flag_is_yes_no_or_as_the_campus_has_it(
    client: Client, flag: str, sent: str, kept: bool | None
) -> None:
    opened(client, PositionTemplate, "add").send(**{"name": "Archivist", flag: sent})

    template = PositionTemplate.objects.get(name="Archivist")
    assert getattr(template, flag) is kept
    assert opened(client, template).form.data[flag] == [sent]


def test_the_page_says_what_the_campus_default_is(client: Client) -> None:
    text = opened(client, PositionTemplate, "add").text

    assert "Campus default (yes) Yes No" in text
    assert "Campus default (no) Yes No" in text


def test_the_list_tells_the_default_flags(client: Client) -> None:
    PositionTemplate.objects.all().update(default_shown_on_campus=False, default_shown_on_public=None)

    assert "no default (no)" in opened(client, PositionTemplate).text


def test_roles_are_written_one_a_line(client: Client, sample: SampleData) -> None:
    opened(client, sample.president_kind).send(lti_roles=f"{ROLE}\n\n  {ROLE}/Chair")

    sample.president_kind.refresh_from_db()
    assert sample.president_kind.lti_roles == [ROLE, f"{ROLE}/Chair"]


def test_a_role_that_is_no_uri_is_refused(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.president_kind).send(lti_roles="Officer")

    assert page.errors == ['LTI roles are a list of URIs: ["http://purl.imsglobal.org/vocab/lis/v2/..."].']


@pytest.mark.parametrize("model", [Category, OrganizationType, PositionTemplate, PositionType])
def test_a_word_is_added_and_renamed(client: Client, model: Any) -> None:
    opened(client, model, "add").send(name="Café")
    word = model.objects.get(name="Café")

    opened(client, word).send(name="Thé")

    word.refresh_from_db()
    assert (word.name, word.name_folded) == ("Thé", "the")


@pytest.mark.parametrize("model", [Category, OrganizationType, PositionTemplate, PositionType])
@pytest.mark.parametrize(
    "name, error",
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("a\x07b", "A name has no control characters, line breaks or tabs."),
        ("a\x00b", "Null characters are not allowed."),
        ("ﷺ" * 100, "Without accents and ligatures this name is longer than 320 characters."),
    ],
)
def test_a_word_without_a_name_to_print_is_refused(client: Client, model: type[Model], name: str, error: str) -> None:
    assert error in opened(client, model, "add").send(name=name).errors


# Positions on their own pages


def test_a_position_is_added_to_an_organization(client: Client, sample: SampleData) -> None:
    opened(client, Position, "add").send(
        organization=str(sample.chess_club.pk), name="Librarian", template=str(sample.manager_kind.pk)
    )

    made = Position.objects.get(name="Librarian")
    assert (made.organization, made.type, made.is_active) == (sample.chess_club, sample.officer, True)


def test_a_position_whose_template_has_no_type_asks_for_one(client: Client, sample: SampleData) -> None:
    mascot = PositionTemplate.objects.create(name="Mascot")
    page = opened(client, Position, "add").send(
        organization=str(sample.chess_club.pk), name="Knight", template=str(mascot.pk)
    )
    assert page.errors == ["Choose a type: the template “Mascot” has no default type."]

    page.send(type=str(sample.membership.pk))

    assert Position.objects.get(name="Knight").type == sample.membership


@pytest.mark.parametrize("field", ["organization", "name", "template"])
def test_a_position_needs_an_organization_a_name_and_a_template(client: Client, sample: SampleData, field: str) -> None:
    fields = {"organization": str(sample.lead.pk), "name": "Guide", "template": str(sample.member_kind.pk)}

    page = opened(client, Position, "add").send(**{**fields, field: ""})

    assert page.errors == ["This field is required."]


def test_a_position_stays_in_its_organization(client: Client, sample: SampleData) -> None:
    opened(client, sample.senator).send(name="Speaker", organization=str(sample.lead.pk))

    sample.senator.refresh_from_db()
    assert (sample.senator.name, sample.senator.organization) == ("Speaker", sample.student_government)


def test_a_position_sent_back_as_it_was_is_not_modified(client: Client, sample: SampleData) -> None:
    opened(client, sample.senator).send()

    sample.senator.refresh_from_db()
    assert sample.senator.modified_at == MODIFIED


def test_positions_are_filtered_by_their_organization(client: Client, sample: SampleData) -> None:
    page = opened(client, Position, organization=sample.chess_club.pk)

    assert page.listed == [sample.chess_member, sample.chess_president]
    assert "Chess Club" in page.text


@pytest.mark.parametrize("value", ["x", "-1", "99999999999", "1 OR 1", "٣"])
def test_a_filter_by_something_that_is_no_id_is_put_aside(client: Client, value: str) -> None:
    response = client.get("/admin/organizations/position/", {"organization": value}, follow=True)

    assert response.status_code == 200
    assert response.redirect_chain
