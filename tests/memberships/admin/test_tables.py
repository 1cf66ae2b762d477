"""Memberships on the page of who holds them and of what is held: the current ones, and the way to all."""

import datetime as dt

import pytest
from django.test import Client

from memberships.models import Membership
from roster.models import User
from tests.cast import MODIFIED, Cast, membership, person
from tests.pages import Page, opened, signed_in

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(cast: Cast) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def shown(page: Page) -> list[int]:
    """Ids of the memberships in the table, in its order."""
    data = page.form.data
    return [int(data[f"memberships-{row}-id"][0]) for row in range(int(data["memberships-INITIAL_FORMS"][0]))]


def test_a_person_has_the_current_and_upcoming_ones(client: Client, cast: Cast) -> None:
    page = opened(client, cast.amara)

    assert shown(page) == [cast.amara_chess_again.pk, cast.amara_future.pk, cast.amara_president.pk]
    assert "All 6 memberships" in page.text


def test_a_position_has_its_current_holders_by_name(client: Client, cast: Cast) -> None:
    page = opened(client, cast.chess_member)

    assert shown(page) == [cast.dalia_chess.pk, cast.farid_chess.pk, cast.amara_chess_again.pk]
    assert "All 4 memberships" in page.text


def test_the_link_leads_to_all_of_them(client: Client, cast: Cast) -> None:
    link = next(link for link in opened(client, cast.amara).links if "/memberships/membership/?" in link)

    listed = client.get(link).context["cl"].result_list

    assert {row.user_id for row in listed} == {cast.amara.pk}
    assert len(listed) == 6


def test_a_position_with_many_holders_shows_fifty(client: Client, cast: Cast) -> None:
    for number in range(60):
        membership(person(f"p{number:02}", "P", f"A{number:02}"), cast.participant, "2024-01-01")

    page = opened(client, cast.participant)

    assert len(shown(page)) == 50
    assert "All 61 memberships" in page.text


def test_a_new_person_gets_the_table_after_being_saved(client: Client, cast: Cast) -> None:
    assert "memberships-TOTAL_FORMS" not in opened(client, User, "add").form.data
    assert "memberships-TOTAL_FORMS" in opened(client, cast.nadia).form.data


def test_a_holder_is_added_with_the_defaults_of_the_template(client: Client, cast: Cast) -> None:
    opened(client, cast.sg_president).send(
        **{
            "memberships-TOTAL_FORMS": "2",
            "memberships-1-user": str(cast.nadia.pk),
            "memberships-1-recorded_start": "2025-01-31",
            "memberships-1-shown_on_campus": "unknown",
            "memberships-1-shown_on_public": "unknown",
        }
    )

    made = Membership.objects.get(user=cast.nadia)
    assert (made.position, made.shown_on_campus, made.shown_on_public) == (cast.sg_president, True, True)


def test_a_person_is_given_a_position(client: Client, cast: Cast) -> None:
    opened(client, cast.nadia).send(
        **{
            "memberships-TOTAL_FORMS": "1",
            "memberships-0-position": str(cast.senator.pk),
            "memberships-0-recorded_start": "2025-01-31",
            "memberships-0-shown_on_campus": "false",
        }
    )

    made = Membership.objects.get(user=cast.nadia)
    assert (made.position, made.shown_on_campus, made.shown_on_public) == (cast.senator, False, False)


def test_a_membership_is_ended_in_the_table_and_the_others_are_left_alone(client: Client, cast: Cast) -> None:
    opened(client, cast.ben).send(**{"memberships-0-recorded_end": "2025-04-30"})

    cast.ben_chair.refresh_from_db()
    cast.ben_treasurer.refresh_from_db()
    cast.ben.refresh_from_db()
    assert cast.ben_chair.recorded_end == dt.date(2025, 4, 30)
    assert (cast.ben_treasurer.modified_at, cast.ben.modified_at) == (MODIFIED, MODIFIED)


def test_who_holds_a_saved_membership_is_not_exchanged_in_the_table(client: Client, cast: Cast) -> None:
    opened(client, cast.ben).send(
        **{"memberships-0-recorded_end": "2025-04-30", "memberships-0-position": str(cast.senator.pk)}
    )

    cast.ben_chair.refresh_from_db()
    assert cast.ben_chair.position == cast.chair


def test_a_membership_that_ends_before_it_starts_is_refused(client: Client, cast: Cast) -> None:
    page = opened(client, cast.ben).send(**{"memberships-0-recorded_end": "2020-01-01"})

    assert page.errors == ["A membership does not end before it starts."]
    assert "A membership does not end before it starts." in page.text


def test_a_row_without_a_person_is_refused(client: Client, cast: Cast) -> None:
    page = opened(client, cast.senator).send(
        **{"memberships-TOTAL_FORMS": "2", "memberships-1-recorded_start": "2025-01-31"}
    )

    assert page.errors == ["This field is required."]


def test_a_membership_that_somebody_deletes_meanwhile_stays_deleted(client: Client, cast: Cast) -> None:
    page = opened(client, cast.ben)
    cast.ben_chair.delete()

    page.send(mobile_phone="555-0111")

    cast.ben.refresh_from_db()
    assert cast.ben.mobile_phone == "555-0111"
    assert Membership.objects.get(pk=cast.ben_chair.pk).is_deleted


def test_a_membership_of_somebody_else_is_not_reached_through_the_table(client: Client, cast: Cast) -> None:
    page = opened(client, cast.ben).send(
        **{"memberships-0-id": str(cast.amara_president.pk), "memberships-0-recorded_end": "2025-04-30"}
    )

    assert page.errors != []
    cast.amara_president.refresh_from_db()
    assert (cast.amara_president.user, cast.amara_president.recorded_end) == (cast.amara, None)
