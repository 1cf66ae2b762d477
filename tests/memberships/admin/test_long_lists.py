"""The list of memberships at any size: a short one is sorted by any column, a long one by what has an index."""

import pytest
from django.test import Client

from memberships.models import Membership
from roster import days
from roster.models import User
from tests.pages import Page, opened, signed_in
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PERSON, POSITION, ORGANIZATION, FIRST_DAY = "1", "2", "3", "4"
"""Columns, as the list's address names them."""


@pytest.fixture
def client(sample: SampleData) -> Client:
    return signed_in(User.objects.create_superuser("root"))


@pytest.fixture
def count_to_5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roster.admin.paging.MAX_COUNTED", 5)


def ids(page: Page) -> list[int]:
    return [row.pk for row in page.listed]


def in_order(*order: str, **found: object) -> list[int]:
    return list(Membership.objects.not_deleted().filter(**found).order_by(*order).values_list("pk", flat=True))


ROSTER = ("position__order_key", "position_id", "id")


def test_a_short_list_is_sorted_by_any_column(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, user=sample.amara.pk, o=FIRST_DAY)

    assert ids(page) == in_order("recorded_start", *ROSTER, user=sample.amara)


def test_a_short_list_is_sorted_backwards_too(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, period="current", o=f"-{FIRST_DAY}")

    days = [row.recorded_start for row in page.listed]
    assert len(days) > 5
    assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("order", [FIRST_DAY, f"-{POSITION}", f"{PERSON}.{FIRST_DAY}"])
def test_a_long_list_stays_as_the_roster_is_sorted(client: Client, count_to_5: None, order: str) -> None:
    assert ids(opened(client, Membership, o=order)) == in_order(*ROSTER)


def test_a_long_list_is_sorted_by_person(client: Client, count_to_5: None) -> None:
    assert ids(opened(client, Membership, o=PERSON)) == in_order("user__name_key", *ROSTER)


def test_a_long_list_is_sorted_by_organization_backwards(client: Client, count_to_5: None) -> None:
    keys = [row.position.order_key for row in opened(client, Membership, o=f"-{ORGANIZATION}").listed]

    assert keys == sorted(keys, reverse=True)
    assert keys[0] == Membership.objects.not_deleted().order_by("-position__order_key")[0].position.order_key


def test_a_long_list_that_is_searched_stays_as_the_roster_is_sorted(client: Client, count_to_5: None) -> None:
    page = opened(client, Membership, q="chess", o=PERSON)

    assert ids(page) == in_order(*ROSTER, position__organization__name="Chess Club")


def test_a_long_list_offers_the_sorting_it_can_do(client: Client, count_to_5: None) -> None:
    sortable = opened(client, Membership).response.context["cl"].sortable_by

    assert sortable == ("person", "organization")


def test_a_short_list_offers_sorting_by_every_column(client: Client, sample: SampleData) -> None:
    changelist = opened(client, Membership, user=sample.amara.pk).response.context["cl"]

    assert set(changelist.sortable_by) >= {"person", "position_name", "organization", "first_day", "last_day"}


def test_a_list_of_few_keeps_its_filters(client: Client, sample: SampleData) -> None:
    page = opened(client, Membership, user=sample.amara.pk, period="past")

    assert ids(page) == in_order(*ROSTER, user=sample.amara, recorded_end__lt=days.today())


@pytest.mark.parametrize("term", ["chess", "amara chess", "desrosiers", "e", "e chess president", "nobody at all"])
@pytest.mark.parametrize("room", [0, 2, 20_000])
def test_a_search_finds_the_same_whether_ids_or_queries_are_looked_up(
    client: Client, monkeypatch: pytest.MonkeyPatch, term: str, room: int
) -> None:
    expected = ids(opened(client, Membership, q=term))
    monkeypatch.setattr("memberships.admin.memberships.MAX_LISTED", room)

    assert ids(opened(client, Membership, q=term)) == expected


def test_a_word_that_nothing_holds_ends_the_search(client: Client, sample: SampleData) -> None:
    assert ids(opened(client, Membership, q="chess nobodyhasthisname")) == []
