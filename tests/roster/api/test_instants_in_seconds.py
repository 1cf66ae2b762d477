"""An instant in seconds is refused in every parameter that takes one, and so it is by an import."""

from typing import Any

import pytest

from memberships.filters import MembershipFilter
from memberships.importing.engage.values import DayReader, milliseconds_or_none, read_instant
from memberships.importing.errors import InvalidValue
from organizations.filters import OrganizationFilter, PositionFilter
from roster import days
from roster.api.filters import WireFilterSet
from roster.api.parameters import InstantField
from roster.filters import UserFilter
from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

LISTS: dict[str, type[WireFilterSet]] = {
    "memberships": MembershipFilter,
    "organizations": OrganizationFilter,
    "positions": PositionFilter,
    "users": UserFilter,
}
PARAMETERS = [
    (path, name)
    for path, filterset in LISTS.items()
    for name, declared in filterset.base_filters.items()
    if isinstance(declared.field, InstantField)
]
SENTENCE = "An instant is in epoch milliseconds: 13 digits."
SECONDS = [1_000_000_000, 1_795_826_000, 9_999_999_999]
MIDNIGHT = 2_696_400_000
"""1 February 1970 in New York: as many digits, and printed for a day."""


def descendants(filterset: Any) -> set[Any]:
    below = {each for each in filterset.__subclasses__() if not each.__module__.startswith("tests.")}
    return below.union(*map(descendants, below))


def test_every_filterset_with_instants_is_looked_at() -> None:
    with_instants = {
        filterset
        for filterset in descendants(WireFilterSet)
        if any(isinstance(declared.field, InstantField) for declared in filterset.base_filters.values())
    }

    assert with_instants <= set(LISTS.values())
    assert ("memberships", "startDate") in PARAMETERS


@pytest.mark.parametrize("path, name", PARAMETERS)
def test_seconds_are_refused(sample: SampleData, path: str, name: str) -> None:
    for value in SECONDS:
        answer = ask(sample.staff_key, f"/api/{path}", **{name: value})

        assert (answer.status, answer.refused) == (400, {name: SENTENCE})


@pytest.mark.parametrize("path, name", PARAMETERS)
def test_what_is_no_instant_in_seconds_is_accepted(sample: SampleData, path: str, name: str) -> None:
    for value in (0, -1_000_000_000, 999_999_999, 10_000_000_000, 1_795_826_000_000, MIDNIGHT):
        assert ask(sample.staff_key, f"/api/{path}", **{name: value}).status == 200


@pytest.mark.parametrize("read", [read_instant, milliseconds_or_none, DayReader(floor=True), DayReader(floor=False)])
def test_an_import_refuses_seconds(read: Any) -> None:
    for value in SECONDS:
        with pytest.raises(InvalidValue, match="An instant is in epoch milliseconds: 13 digits"):
            read(value)


def test_an_import_reads_the_midnights_that_have_ten_digits() -> None:
    assert days.midnight(DayReader(floor=False)(MIDNIGHT)) == MIDNIGHT  # type: ignore[arg-type]


def test_no_midnight_in_seconds_is_one_in_milliseconds() -> None:
    midnights = (days.midnight(days.day_of(second * 1000)) for second in range(10**9 + 86_400, 10**10, 86_400 * 30))

    assert all(days.is_in_seconds(midnight // 1000) for midnight in midnights)
