"""Days are read from midnights in WIRE_TIME_ZONE, and from nothing else unless asked."""

import datetime as dt

import pytest
from pytest_django import Settings

from memberships.models import Membership
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import FIRST_DAY, a_membership, new_york

pytestmark = pytest.mark.both_databases

DATES = [
    *("positionRecordedStartDate", "positionRecordedEndDate"),
    *("positionReportedStartDate", "positionReportedEndDate"),
]


@pytest.mark.parametrize("field", DATES)
@pytest.mark.parametrize("shift", [-1, 1, 3_600_000])
def test_it_refuses_an_instant_that_is_no_midnight(run_import: Importer, field: str, shift: int) -> None:
    refusal = run_import.refused(a_membership(**{field: FIRST_DAY + shift}))

    assert f"answer-1.json, record 1, {field}: {FIRST_DAY + shift} is 2012-10-2" in refusal
    assert "not midnight in WIRE_TIME_ZONE, America/New_York: the day would shift" in refusal
    assert "--floor-dates" in refusal
    assert not Membership.objects.exists()


def test_floored_dates_are_the_days_that_they_lie_in(run_import: Importer) -> None:
    run_import(
        a_membership(
            positionRecordedStartDate=new_york(2012, 10, 25, 23, 59),
            positionRecordedEndDate=new_york(2012, 10, 26, 0, 1),
            positionReportedStartDate=FIRST_DAY - 1,
        ),
        floor_dates=True,
    )

    membership = Membership.objects.get()
    assert membership.recorded_start == dt.date(2012, 10, 25)
    assert membership.recorded_end == dt.date(2012, 10, 26)
    assert membership.reported_start == dt.date(2012, 10, 24)


def test_midnights_of_another_zone_are_read_in_that_zone(run_import: Importer, settings: Settings) -> None:
    settings.WIRE_TIME_ZONE = "America/Los_Angeles"

    run_import(a_membership(positionRecordedStartDate=FIRST_DAY + 3 * 3_600_000))

    assert Membership.objects.get().recorded_start == dt.date(2012, 10, 25)


def test_midnights_of_another_zone_are_refused_in_this_one(run_import: Importer, settings: Settings) -> None:
    settings.WIRE_TIME_ZONE = "America/Los_Angeles"

    assert "WIRE_TIME_ZONE, America/Los_Angeles" in run_import.refused(a_membership())


@pytest.mark.parametrize("day", [(2012, 3, 11), (2012, 3, 12), (2012, 11, 4), (2012, 11, 5)])
def test_the_days_on_which_clocks_change_are_read_right(run_import: Importer, day: tuple[int, int, int]) -> None:
    run_import(a_membership(positionRecordedStartDate=new_york(*day)))

    assert Membership.objects.get().recorded_start == dt.date(*day)


@pytest.mark.parametrize("value", ["2012-10-25", 1.5, True, [], 10**18])
def test_it_refuses_what_are_no_epoch_milliseconds(run_import: Importer, value: object) -> None:
    assert "record 1, positionRecordedEndDate: Epoch milliseconds" in run_import.refused(
        a_membership(positionRecordedEndDate=value)
    )


@pytest.mark.parametrize("value", [None, ""])
def test_it_refuses_a_membership_without_a_first_day(run_import: Importer, value: str | None) -> None:
    refusal = run_import.refused(a_membership(positionRecordedStartDate=value))

    assert "positionRecordedStartDate: It is needed, and this record has none." in refusal


def test_it_refuses_a_membership_that_ends_before_it_starts(run_import: Importer) -> None:
    refusal = run_import.refused(a_membership(positionRecordedEndDate=new_york(2012, 10, 24)))

    assert "positionRecordedEndDate: A membership does not end (2012-10-24) before it starts (2012-10-25)." in refusal
