"""GET /api/memberships: days, instants between them, and which day today is (docs/api.md, “Dates”)."""

import datetime as dt
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from memberships.models import Membership
from tests.client import ask
from tests.sample_data import CREATED_MS, MODIFIED, MODIFIED_MS, SampleData, membership

pytestmark = pytest.mark.both_databases

DAY_MS = 86_400_000
START = 1_693_886_400_000  # 2023-09-05 00:00 in New York, when Chloé and Marisol became senators
END = 1_717_128_000_000  # 2024-05-31 00:00 in New York, Chloé's last day as a senator


def senators(sample: SampleData, **parameters: Any) -> list[int]:
    """Amara from 2022-09-06 to 2023-05-31; Chloé from 2023-09-05 to 2024-05-31; Marisol since 2023-09-05."""
    asked = {"organizationId": sample.student_government.pk, "positionTemplateName": "member", **parameters}
    return ask(sample.staff_key, "/api/memberships", **asked).ids


@pytest.mark.parametrize("later, found", [(-1, 2), (0, 2), (1, 0), (DAY_MS // 2, 0), (-DAY_MS // 2, 2), (DAY_MS, 0)])
def test_start_date_takes_memberships_that_start_on_or_after_the_instant(
    sample: SampleData, later: int, found: int
) -> None:
    assert senators(sample, startDate=START + later) == [sample.chloe_senator.pk, sample.marisol_senator.pk][:found]


@pytest.mark.parametrize("later, found", [(-1, 1), (0, 2), (1, 2), (DAY_MS // 2, 2), (-DAY_MS // 2, 1)])
def test_end_date_takes_memberships_that_end_on_or_before_the_instant(
    sample: SampleData, later: int, found: int
) -> None:
    assert senators(sample, endDate=END + later) == [sample.amara_senator.pk, sample.chloe_senator.pk][:found]


def test_end_date_leaves_out_what_is_still_open(sample: SampleData) -> None:
    far_ahead = 4_000_000_000_000

    assert sample.marisol_senator.pk not in senators(sample, endDate=far_ahead)


def test_start_and_end_date_combine(sample: SampleData) -> None:
    assert senators(sample, startDate=START, endDate=END) == [sample.chloe_senator.pk]
    assert senators(sample, startDate=START + 1, endDate=END) == []


def test_negative_instants_are_days_before_1970(sample: SampleData) -> None:
    early = membership(sample.nadia, sample.senator, "1955-03-01", "1955-03-01")
    printed = -468_270_000_000  # 1955-03-01 00:00 in New York

    assert senators(sample, endDate=printed) == [early.pk]
    assert senators(sample, endDate=printed - 1) == []


@pytest.mark.parametrize(
    "day, printed",
    [
        ("2025-03-09", 1_741_496_400_000),  # the clocks go forward: 23 hours
        ("2025-03-10", 1_741_579_200_000),
        ("2025-11-02", 1_762_056_000_000),  # the clocks go back: 25 hours
        ("2025-11-03", 1_762_146_000_000),
    ],
)
def test_days_around_daylight_saving_time_are_printed_and_compared_alike(
    sample: SampleData, day: str, printed: int
) -> None:
    made = membership(sample.nadia, sample.senator, day, day)
    (item,) = ask(sample.staff_key, "/api/memberships", userId=sample.nadia.pk).body["items"]

    assert (item["positionRecordedStartDate"], item["positionRecordedEndDate"]) == (printed, printed)
    assert senators(sample, startDate=printed) == senators(sample, startDate=printed - 1) == [made.pk]
    assert senators(sample, startDate=printed + 1) == []
    assert made.pk in senators(sample, endDate=printed)
    assert made.pk not in senators(sample, endDate=printed - 1)


def test_the_zone_of_the_wire_decides_how_days_are_printed_and_compared(sample: SampleData, settings: Settings) -> None:
    settings.WIRE_TIME_ZONE = "Asia/Kolkata"
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.chloe_senator.pk).body["items"]
    printed = item["positionRecordedStartDate"]

    assert printed == 1_693_852_200_000  # 2023-09-05 00:00 in Kolkata
    assert senators(sample, startDate=printed) == [sample.chloe_senator.pk, sample.marisol_senator.pk]
    assert senators(sample, startDate=printed + 1) == []


@pytest.mark.parametrize(
    "zone, now, is_current",
    [
        ("America/New_York", "2024-05-31T03:59:59Z", True),  # 30 May on campus
        ("America/New_York", "2024-05-31T16:00:00Z", True),  # the last day belongs to the membership
        ("America/New_York", "2024-06-01T03:59:59Z", True),  # the last second of it
        ("America/New_York", "2024-06-01T04:00:00Z", False),
        ("Asia/Tokyo", "2024-05-31T14:59:59Z", True),
        ("Asia/Tokyo", "2024-05-31T15:00:00Z", False),  # 1 June on campus, 31 May on the wire
        ("America/New_York", "2023-09-05T03:59:59Z", False),  # 4 September on campus
        ("America/New_York", "2023-09-05T04:00:00Z", True),
        ("Pacific/Honolulu", "2023-09-05T09:59:59Z", False),
        ("Pacific/Honolulu", "2023-09-05T10:00:00Z", True),
    ],
)
def test_current_goes_by_the_day_it_is_on_campus(
    sample: SampleData, settings: Settings, monkeypatch: pytest.MonkeyPatch, zone: str, now: str, is_current: bool
) -> None:
    settings.TIME_ZONE = zone
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime.fromisoformat(now))

    assert (sample.chloe_senator.pk in senators(sample, currentMembershipsOnly="true")) is is_current


def test_a_membership_of_one_day_is_current_on_that_day(
    sample: SampleData, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for day in (6, 7, 8):
        now = dt.datetime(2023, 10, day, 16, tzinfo=dt.UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        asked = {"userId": sample.amara.pk, "organizationId": sample.lead.pk, "currentMembershipsOnly": "true"}
        found.append(ask(sample.staff_key, "/api/memberships", **asked).ids)

    assert found == [[], [sample.amara_one_day.pk], []]


def test_instants_are_floored_to_milliseconds(sample: SampleData) -> None:
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.ben_chair.pk).body["items"]

    assert (item["createdOn"], item["modifiedOn"]) == (CREATED_MS, MODIFIED_MS)


def test_instants_before_1970_are_floored_too(sample: SampleData) -> None:
    before = dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)
    Membership.objects.filter(pk=sample.ben_chair.pk).update(created_at=before, modified_at=before)
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.ben_chair.pk).body["items"]

    assert (item["createdOn"], item["modifiedOn"]) == (-1, -1)


@pytest.mark.parametrize(
    "start, end, is_found",
    [
        (MODIFIED_MS, None, True),
        (MODIFIED_MS + 1, None, False),
        (None, MODIFIED_MS, False),
        (None, MODIFIED_MS + 1, True),
        (MODIFIED_MS, MODIFIED_MS, False),
        (MODIFIED_MS, MODIFIED_MS + 1, True),
        (MODIFIED_MS - 1, MODIFIED_MS, False),
    ],
)
def test_modified_from_the_start_until_before_the_end(
    sample: SampleData, start: int | None, end: int | None, is_found: bool
) -> None:
    asked = {"ModifiedOnStart": start, "ModifiedOnEnd": end}
    found = ask(sample.staff_key, "/api/memberships", **{name: ms for name, ms in asked.items() if ms is not None}).ids

    assert (sample.ben_chair.pk in found) is is_found


def test_windows_of_modification_tile(sample: SampleData) -> None:
    everything = ask(sample.staff_key, "/api/memberships").ids
    for number, pk in enumerate(everything):
        Membership.objects.filter(pk=pk).update(modified_at=MODIFIED + number * dt.timedelta(microseconds=700))
    edges = range(MODIFIED_MS - 5, MODIFIED_MS + 30, 5)
    windows = [
        ask(sample.staff_key, "/api/memberships", ModifiedOnStart=start, ModifiedOnEnd=start + 5).ids for start in edges
    ]

    assert sorted(pk for window in windows for pk in window) == sorted(everything)
    assert len([window for window in windows if window]) > 3


def test_a_deletion_is_found_by_its_modification(sample: SampleData) -> None:
    sample.ben_chair.delete()
    asked = {"ModifiedOnStart": MODIFIED_MS + 1, "IncludeDeletes": "true"}

    assert ask(sample.staff_key, "/api/memberships", **asked).ids == [sample.ben_chair.pk]


def test_renaming_an_organization_modifies_no_membership(sample: SampleData) -> None:
    sample.student_government.name = "Senate"
    sample.student_government.save()

    assert ask(sample.staff_key, "/api/memberships", ModifiedOnStart=MODIFIED_MS + 1).ids == []
