"""Organizations, with their positions and custom fields on one page."""

import pytest
from django.test import Client

from organizations.models import CustomField, Organization, Position
from roster.models import User
from tests.pages import opened, signed_in
from tests.sample_data import MODIFIED, SampleData, position

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def test_an_organization_is_added_with_positions_and_custom_fields(client: Client, sample: SampleData) -> None:
    opened(client, Organization, "add").send(
        **{
            "name": "Ümlaut Society",
            "categories": [str(sample.arts.pk), str(sample.wellness.pk)],
            "parent": str(sample.student_government.pk),
            "primary_contact": str(sample.amara.pk),
            "positions-TOTAL_FORMS": "1",
            "positions-0-name": "Chair",
            "positions-0-template": str(sample.president_kind.pk),
            "positions-0-is_active": "on",
            "custom_fields-TOTAL_FORMS": "1",
            "custom_fields-0-name": "Meeting days",
            "custom_fields-0-values": "Tuesday\r\nThursday",
            "custom_fields-0-is_public": "on",
        }
    )

    made = Organization.objects.get(name="Ümlaut Society")
    assert (made.name_folded, made.status, made.parent) == ("umlaut society", "active", sample.student_government)
    assert set(made.categories.all()) == {sample.arts, sample.wellness}
    chair = made.positions.get()
    assert (chair.name, chair.template, chair.type) == ("Chair", sample.president_kind, sample.officer)
    assert chair.order_key == f"umlaut society\x01{made.pk:010d}\x01chair"
    assert list(made.custom_fields.values_list("name", "values", "is_public")) == [
        ("Meeting days", ["Tuesday", "Thursday"], True)
    ]


@pytest.mark.parametrize(
    "field, value, error",
    [
        ("name", "", "This field is required."),
        ("name", "Two\tTabs", "A name has no control characters, line breaks or tabs."),
        ("status", "gone", "Select a valid choice. gone is not one of the available choices."),
        ("directory_visibility", "", "This field is required."),
        ("membership_type", "x", "Select a valid choice. x is not one of the available choices."),
        ("email", "nowhere", "Enter a valid email address."),
        ("facebook_url", "javascript:alert(1)", "Enter a valid URL."),
        ("parent", "999999", "Select a valid choice. That choice is not one of the available choices."),
    ],
)
def test_the_error_of_a_wrong_value_is_shown_beside_its_field(
    client: Client, sample: SampleData, field: str, value: str, error: str
) -> None:
    assert opened(client, sample.chess_club).send(**{field: value}).errors == [error]


def test_an_organization_is_not_its_own_parent(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.chess_club).send(parent=str(sample.chess_club.pk))

    assert page.errors == ["An organization is not its own parent."]


def test_two_custom_fields_of_one_name_are_refused(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.chess_club).send(
        **{
            "custom_fields-TOTAL_FORMS": "3",
            "custom_fields-2-name": "Meeting days",
            "custom_fields-2-values": "Friday",
        }
    )

    assert "This organization has a custom field of this name already." in page.errors
    assert sample.chess_club.custom_fields.count() == 2


def test_a_new_position_without_a_type_and_without_a_default_is_refused(client: Client, sample: SampleData) -> None:
    sample.president_kind.default_type = None
    sample.president_kind.save()

    page = opened(client, sample.chess_club).send(
        **{
            "positions-TOTAL_FORMS": "3",
            "positions-2-name": "Chair",
            "positions-2-template": str(sample.president_kind.pk),
        }
    )

    assert page.errors == ["Choose a type: the template “President” has no default type."]


def test_a_renamed_organization_takes_its_positions_along(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club).send(name="Ächess")

    sample.chess_president.refresh_from_db()
    assert sample.chess_president.order_key == f"achess\x01{sample.chess_club.pk:010d}\x01president"


def test_a_position_is_renamed_and_retired_in_the_table(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.chess_club)
    assert page.form.data["positions-0-name"] == ["Member"]

    page.send(**{"positions-0-name": "Pawn", "positions-1-is_active": None})

    sample.chess_member.refresh_from_db()
    sample.chess_president.refresh_from_db()
    assert (sample.chess_member.name, sample.chess_president.is_active) == ("Pawn", False)


def test_what_a_saved_position_points_to_is_not_exchanged_in_the_table(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club).send(
        **{"positions-0-name": "Pawn", "positions-0-template": str(sample.president_kind.pk)}
    )

    sample.chess_member.refresh_from_db()
    assert (sample.chess_member.name, sample.chess_member.template) == ("Pawn", sample.member_kind)


def test_no_position_is_deleted_in_the_table(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club).send(**{"positions-1-DELETE": "on", "positions-1-name": "Queen"})

    sample.chess_president.refresh_from_db()
    assert sample.chess_president.name == "Queen"


def test_a_page_sent_back_as_it_was_changes_nothing(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club).send()

    sample.chess_club.refresh_from_db()
    sample.chess_member.refresh_from_db()
    assert (sample.chess_club.modified_at, sample.chess_member.modified_at) == (MODIFIED, MODIFIED)


@pytest.mark.parametrize(
    "change", [{"custom_fields-0-values": "Friday"}, {"custom_fields-0-DELETE": "on"}, {"categories": "arts"}]
)
def test_custom_fields_and_categories_are_a_change_of_the_organization(
    client: Client, sample: SampleData, change: dict[str, str]
) -> None:
    if "categories" in change:
        change = {"categories": str(sample.arts.pk)}

    opened(client, sample.chess_club).send(**change)

    sample.chess_club.refresh_from_db()
    assert sample.chess_club.modified_at > MODIFIED


def test_values_of_several_lines_are_kept_whole(client: Client, sample: SampleData) -> None:
    field = CustomField.objects.create(organization=sample.lead, name="Purpose", values=["One.\nTwo.", "Three."])

    opened(client, sample.lead).send(summary="Changed")

    field.refresh_from_db()
    assert field.values == ["One.\nTwo.", "Three."]


@pytest.mark.parametrize("values", ["[1]", '["open', '{"a": 1}\n[', '["\\u0000"]'])
def test_values_are_texts(client: Client, sample: SampleData, values: str) -> None:
    page = opened(client, sample.chess_club).send(**{"custom_fields-0-values": values})

    assert page.status == 200
    if values.startswith("["):
        assert len(page.errors) == 1
        assert page.errors[0].startswith(("Enter one text on each line", "Null characters are not allowed"))


def test_the_table_shows_the_first_fifty_positions_and_the_way_to_all(client: Client, sample: SampleData) -> None:
    for number in range(60):
        position(sample.lead, f"Seat {number:02}", sample.member_kind)

    page = opened(client, sample.lead)

    assert page.form.data["positions-INITIAL_FORMS"] == ["50"]
    assert "All 61 positions" in page.text
    link = next(link for link in page.links if link.startswith("/admin/organizations/position/?"))
    assert client.get(link).context["cl"].result_count == 61


def test_rows_that_others_add_meanwhile_do_not_get_into_the_way(client: Client, sample: SampleData) -> None:
    for number in range(60):
        position(sample.lead, f"Seat {number:02}", sample.member_kind)
    page = opened(client, sample.lead)
    position(sample.lead, "A new first one", sample.member_kind)

    page.send(**{"positions-49-name": "Zenith"})

    names = set(Position.objects.filter(organization=sample.lead).values_list("name", flat=True))
    assert names == {"Zenith", "A new first one", "Participant", *(f"Seat {number:02}" for number in range(60))} - {
        "Seat 48"
    }


def test_a_hidden_organization_says_so_first(client: Client, sample: SampleData) -> None:
    assert "Hidden: only staff see this organization and its members." in opened(client, sample.night_owls).text


def test_the_page_leads_to_the_memberships_of_the_organization(client: Client, sample: SampleData) -> None:
    link = next(link for link in opened(client, sample.chess_club).links if "/memberships/membership/" in link)

    listed = client.get(link).context["cl"].result_list
    assert {row.position.organization_id for row in listed} == {sample.chess_club.pk}
    assert len(listed) == 4


def test_a_custom_field_has_a_page_of_its_own_for_long_lists(client: Client, sample: SampleData) -> None:
    field = sample.chess_club.custom_fields.get(name="Budget code")

    opened(client, field).send(values="CH-118")

    field.refresh_from_db()
    sample.chess_club.refresh_from_db()
    assert field.values == ["CH-118"]
    assert sample.chess_club.modified_at > MODIFIED


def test_a_custom_field_deleted_on_its_own_page_changes_the_organization(client: Client, sample: SampleData) -> None:
    opened(client, sample.chess_club.custom_fields.get(name="Budget code"), "delete").send(_save=None)

    sample.chess_club.refresh_from_db()
    assert sample.chess_club.custom_fields.count() == 1
    assert sample.chess_club.modified_at > MODIFIED
