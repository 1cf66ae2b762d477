"""The position of a recorded period relative to a day: before it, around it, after it."""

import datetime as dt

import pytest

from memberships.models import Membership
from tests.sample_data import SampleData, membership

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DAY = dt.date(2025, 3, 14)


@pytest.fixture
def ids(sample: SampleData) -> dict[str, int]:
    """Memberships of a person who holds no other, by where they lie."""
    periods = {
        "ended before": ("2024-01-01", "2025-03-13"),
        "ends that day": ("2024-01-01", "2025-03-14"),
        "that day only": ("2025-03-14", "2025-03-14"),
        "open": ("2024-01-01", None),
        "begins after": ("2025-03-15", None),
    }
    return {name: membership(sample.nadia, sample.senator, *period).pk for name, period in periods.items()}


def found(rows: object) -> set[int]:
    return set(rows.filter(user__username="nadia.farouk").values_list("pk", flat=True))  # type: ignore[attr-defined]


def test_past_ones_ended_before_the_day(ids: dict[str, int]) -> None:
    assert found(Membership.objects.past(on=DAY)) == {ids["ended before"]}


def test_upcoming_ones_begin_after_the_day(ids: dict[str, int]) -> None:
    assert found(Membership.objects.upcoming(on=DAY)) == {ids["begins after"]}


def test_those_not_past_are_current_or_upcoming(ids: dict[str, int]) -> None:
    assert found(Membership.objects.not_past(on=DAY)) == set(ids.values()) - {ids["ended before"]}


def test_past_current_and_upcoming_ones_are_all_and_none_twice(ids: dict[str, int]) -> None:
    parts = [
        Membership.objects.past(on=DAY),
        Membership.objects.current(on=DAY),
        Membership.objects.upcoming(on=DAY),
    ]

    assert sorted(pk for part in parts for pk in found(part)) == sorted(ids.values())
