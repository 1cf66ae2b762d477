"""Memberships on the page of who holds them and of what is held: the current ones, and the way to all."""

import datetime as dt

import pytest
from django.test import Client

from memberships.models import Membership
from roster.models import User
from tests.pages import Page, opened, signed_in
from tests.sample_data import MODIFIED, SampleData, membership, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


def shown(page: Page) -> list[int]:
    """Ids of the memberships in the table, in its order."""
    data = page.form.data
    return [int(data[f"memberships-{row}-id"][0]) for row in range(int(data["memberships-INITIAL_FORMS"][0]))]


def test_a_person_has_the_current_and_upcoming_ones(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.amara)

    assert shown(page) == [sample.amara_chess_again.pk, sample.amara_future.pk, sample.amara_president.pk]
    assert "All 6 memberships" in page.text


def test_a_position_has_its_current_holders_by_name(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.chess_member)

    assert shown(page) == [sample.dalia_chess.pk, sample.farid_chess.pk, sample.amara_chess_again.pk]
    assert "All 4 memberships" in page.text


def test_the_link_leads_to_all_of_them(client: Client, sample: SampleData) -> None:
    link = next(link for link in opened(client, sample.amara).links if "/memberships/membership/?" in link)

    listed = client.get(link).context["cl"].result_list

    assert {row.user_id for row in listed} == {sample.amara.pk}
    assert len(listed) == 6


def test_a_position_with_many_holders_shows_fifty(client: Client, sample: SampleData) -> None:
    for number in range(60):
        membership(person(f"p{number:02}", "P", f"A{number:02}"), sample.participant, "2024-01-01")

    page = opened(client, sample.participant)

    assert len(shown(page)) == 50
    assert "All 61 memberships" in page.text


def test_a_new_person_gets_the_table_after_being_saved(client: Client, sample: SampleData) -> None:
    assert "memberships-TOTAL_FORMS" not in opened(client, User, "add").form.data
    assert "memberships-TOTAL_FORMS" in opened(client, sample.nadia).form.data


def test_a_holder_is_added_with_the_defaults_of_the_template(client: Client, sample: SampleData) -> None:
    opened(client, sample.sg_president).send(
        **{
            "memberships-TOTAL_FORMS": "2",
            "memberships-1-user": str(sample.nadia.pk),
            "memberships-1-recorded_start": "2025-01-31",
            "memberships-1-shown_on_campus": "unknown",
            "memberships-1-shown_on_public": "unknown",
        }
    )

    made = Membership.objects.get(user=sample.nadia)
    assert (made.position, made.shown_on_campus, made.shown_on_public) == (sample.sg_president, True, True)


def test_a_person_is_given_a_position(client: Client, sample: SampleData) -> None:
    opened(client, sample.nadia).send(
        **{
            "memberships-TOTAL_FORMS": "1",
            "memberships-0-position": str(sample.senator.pk),
            "memberships-0-recorded_start": "2025-01-31",
            "memberships-0-shown_on_campus": "false",
        }
    )

    made = Membership.objects.get(user=sample.nadia)
    assert (made.position, made.shown_on_campus, made.shown_on_public) == (sample.senator, False, False)


def test_a_membership_is_ended_in_the_table_and_the_others_are_left_alone(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben).send(**{"memberships-0-recorded_end": "2025-04-30"})

    sample.ben_chair.refresh_from_db()
    sample.ben_treasurer.refresh_from_db()
    sample.ben.refresh_from_db()
    assert sample.ben_chair.recorded_end == dt.date(2025, 4, 30)
    assert (sample.ben_treasurer.modified_at, sample.ben.modified_at) == (MODIFIED, MODIFIED)


def test_who_holds_a_saved_membership_is_not_exchanged_in_the_table(client: Client, sample: SampleData) -> None:
    opened(client, sample.ben).send(
        **{"memberships-0-recorded_end": "2025-04-30", "memberships-0-position": str(sample.senator.pk)}
    )

    sample.ben_chair.refresh_from_db()
    assert sample.ben_chair.position == sample.chair


def test_a_membership_that_ends_before_it_starts_is_refused(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben).send(**{"memberships-0-recorded_end": "2020-01-01"})

    assert page.errors == ["A membership does not end before it starts."]
    assert "A membership does not end before it starts." in page.text


def test_a_row_without_a_person_is_refused(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.senator).send(
        **{"memberships-TOTAL_FORMS": "2", "memberships-1-recorded_start": "2025-01-31"}
    )

    assert page.errors == ["This field is required."]


def test_a_membership_that_somebody_deletes_meanwhile_stays_deleted(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben)
    sample.ben_chair.delete()

    page.send(mobile_phone="555-0111")

    sample.ben.refresh_from_db()
    assert sample.ben.mobile_phone == "555-0111"
    assert Membership.objects.get(pk=sample.ben_chair.pk).is_deleted


def test_a_membership_of_somebody_else_is_not_reached_through_the_table(client: Client, sample: SampleData) -> None:
    page = opened(client, sample.ben).send(
        **{"memberships-0-id": str(sample.amara_president.pk), "memberships-0-recorded_end": "2025-04-30"}
    )

    assert page.errors != []
    sample.amara_president.refresh_from_db()
    assert (sample.amara_president.user, sample.amara_president.recorded_end) == (sample.amara, None)
