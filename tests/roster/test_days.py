"""Days are printed as midnights of one zone, and compared with instants as they are printed."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from roster import days

ZONES = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("posix", "right")))
instants = st.integers(days.FIRST_INSTANT, days.LAST_INSTANT)
recent_days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
in_any_zone = hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def ms(text: str) -> int:
    """Epoch milliseconds of an instant in ISO 8601."""
    return round(dt.datetime.fromisoformat(text).timestamp() * 1000)


def test_the_vendors_own_example_is_a_midnight_in_new_york() -> None:
    assert days.midnight(dt.date(2013, 11, 12)) == 1_384_232_400_000


def test_milliseconds_are_floored() -> None:
    assert days.milliseconds(dt.datetime(1970, 1, 1, 0, 0, 0, 1_999, tzinfo=dt.UTC)) == 1
    assert days.milliseconds(dt.datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=dt.UTC)) == -1


@given(instants)
def test_an_instant_is_read_as_it_is_printed(milliseconds: int) -> None:
    assert days.milliseconds(days.instant(milliseconds)) == milliseconds


@given(recent_days)
def test_a_day_is_read_as_it_is_printed(day: dt.date) -> None:
    assert days.day_of(days.midnight(day)) == day


@pytest.mark.parametrize(
    "day, midnight",
    [
        ("2025-03-08", "2025-03-08T05:00Z"),
        ("2025-03-09", "2025-03-09T05:00Z"),  # the clocks go forward at 2
        ("2025-03-10", "2025-03-10T04:00Z"),
        ("2025-11-01", "2025-11-01T04:00Z"),
        ("2025-11-02", "2025-11-02T04:00Z"),  # the clocks go back at 2
        ("2025-11-03", "2025-11-03T05:00Z"),
    ],
)
def test_midnights_follow_daylight_saving_time(day: str, midnight: str) -> None:
    assert days.midnight(dt.date.fromisoformat(day)) == ms(midnight)


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1, 1, 2), dt.date(9999, 12, 30), dt.date.max])
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_last_days_there_are_can_be_printed(settings: Settings, day: dt.date, zone: str) -> None:
    settings.WIRE_TIME_ZONE = zone

    assert abs(days.midnight(day) - days.milliseconds(dt.datetime.combine(day, dt.time(), dt.UTC))) <= 86_400_000


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "America/Metlakatla"])
def test_the_first_and_last_instants_there_are_can_be_asked_for(settings: Settings, zone: str) -> None:
    settings.WIRE_TIME_ZONE = zone

    assert days.last_day_before(days.FIRST_INSTANT) < days.FIRST_DAY
    assert days.last_day_until(days.LAST_INSTANT) == days.last_day_before(days.LAST_INSTANT) == days.LAST_DAY


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Etc/GMT+12", "America/Metlakatla"])
def test_all_that_is_kept_can_be_named_on_the_wire(settings: Settings, zone: str) -> None:
    settings.WIRE_TIME_ZONE = zone
    printed = [
        *(days.midnight(day) for day in (days.FIRST_DAY, days.LAST_DAY)),
        *(days.milliseconds(instant) for instant in (days.EARLIEST, days.LATEST)),
    ]

    assert days.FIRST_INSTANT <= min(printed) <= max(printed) <= days.LAST_INSTANT
    assert [days.day_of(days.midnight(day)) for day in (days.FIRST_DAY, days.LAST_DAY)] == [
        days.FIRST_DAY,
        days.LAST_DAY,
    ]


@in_any_zone
@given(st.sampled_from(ZONES), recent_days, st.integers(-3, 3), st.integers(-90_000_000, 90_000_000) | st.just(0))
def test_days_compare_with_an_instant_as_their_printed_midnights_do(
    settings: Settings, zone: str, day: dt.date, apart: int, later: int
) -> None:
    settings.WIRE_TIME_ZONE = zone
    instant = days.midnight(day) + later
    other = day + dt.timedelta(days=apart)

    assert (other > days.last_day_before(instant)) == (days.midnight(other) >= instant)
    assert (other <= days.last_day_until(instant)) == (days.midnight(other) <= instant)


@pytest.mark.parametrize(
    "zone, day",
    [
        ("Pacific/Apia", "2011-12-30"),  # the day that Samoa left out
        ("America/Juneau", "1867-10-18"),  # the day that Alaska had twice
        ("Africa/Cairo", "2023-04-28"),  # a midnight that was skipped
        ("America/Havana", "2024-11-03"),  # a midnight that came twice
        ("America/Sao_Paulo", "2018-11-04"),
        ("America/Sao_Paulo", "2018-02-18"),
    ],
)
def test_no_zone_keeps_a_day_from_comparing_as_it_is_printed(settings: Settings, zone: str, day: str) -> None:
    settings.WIRE_TIME_ZONE = zone
    around = [dt.date.fromisoformat(day) + dt.timedelta(days=apart) for apart in range(-3, 4)]
    hours = range(days.midnight(around[0]), days.midnight(around[-1]) + 1, 1_800_000)
    for instant in (near for hour in hours for near in (hour - 1, hour, hour + 1)):
        assert [other > days.last_day_before(instant) for other in around] == [
            days.midnight(other) >= instant for other in around
        ]
        assert [other <= days.last_day_until(instant) for other in around] == [
            days.midnight(other) <= instant for other in around
        ]


@pytest.mark.parametrize(
    "zone, today", [("America/New_York", "2025-06-30"), ("Pacific/Auckland", "2025-07-01"), ("UTC", "2025-07-01")]
)
def test_today_is_the_day_on_campus_whatever_the_zone_of_the_wire(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, zone: str, today: str
) -> None:
    settings.TIME_ZONE = zone
    settings.WIRE_TIME_ZONE = "Asia/Tokyo"
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2025, 7, 1, 3, 59, tzinfo=dt.UTC))

    assert days.today() == dt.date.fromisoformat(today)


def test_the_zones_tried_are_all_there() -> None:
    assert len(ZONES) > 300
    assert all(ZoneInfo(name) for name in ZONES)
