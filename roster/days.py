"""Days and instants in the API: epoch milliseconds, UTC (docs/api.md, “Dates”).

A membership's dates are days. They are printed as midnight at the start of that day in `WIRE_TIME_ZONE`, one zone
for the whole API, and read in the same zone. `TIME_ZONE`, the zone of the campus, determines which day today is.
"""

import datetime as dt
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)
ONE_DAY = dt.timedelta(days=1)

FIRST_DAY, LAST_DAY = dt.date(1600, 1, 1), dt.date(9999, 12, 31)
"""The first and last day that can be stored."""

EARLIEST = dt.datetime(1600, 1, 1, tzinfo=dt.UTC)
LATEST = dt.datetime(9999, 12, 30, 23, 59, 59, 999_999, tzinfo=dt.UTC)
"""The first and last instant that can be stored: a day before the limit of datetime, so that they fit in every zone."""

FIRST_INSTANT = (dt.datetime(1599, 12, 31, tzinfo=dt.UTC) - EPOCH) // MILLISECOND
LAST_INSTANT = (dt.datetime(9999, 12, 31, 23, 59, 59, 999_000, tzinfo=dt.UTC) - EPOCH) // MILLISECOND
"""The instants that the API accepts, in epoch milliseconds: all stored instants, and midnights in every zone."""


IN_MILLISECONDS = "in epoch milliseconds: 13 digits"
"""The error text for an instant in seconds."""


def today() -> dt.date:
    """The current day on campus, in `TIME_ZONE`. Requests and commands read it once and pass it on as `on=`."""
    return timezone.localdate()


def milliseconds(instant: dt.datetime) -> int:
    """An instant as epoch milliseconds, floored."""
    return (instant - EPOCH) // MILLISECOND


def instant(milliseconds: int) -> dt.datetime:
    """Epoch milliseconds as an instant in UTC. OverflowError outside the years 1 to 9999."""
    return EPOCH + milliseconds * MILLISECOND


def midnight(day: dt.date) -> int:
    """The start of a day in `WIRE_TIME_ZONE`, as epoch milliseconds."""
    return _midnight(day, settings.WIRE_TIME_ZONE)


def day_of(milliseconds: int) -> dt.date:
    """The day in `WIRE_TIME_ZONE` of an instant in epoch milliseconds; `LAST_DAY` at the latest."""
    if milliseconds >= midnight(LAST_DAY):
        return LAST_DAY
    return instant(milliseconds).astimezone(ZoneInfo(settings.WIRE_TIME_ZONE)).date()


def is_in_seconds(number: int) -> bool:
    """Is this probably an instant in seconds instead of milliseconds: does it have ten digits?

    The exception is a midnight in `WIRE_TIME_ZONE` in early 1970, which has ten digits in milliseconds.
    """
    return 10**9 <= number < 10**10 and midnight(day_of(number)) != number


def last_day_before(milliseconds: int) -> dt.date:
    """The last day whose printed midnight is before an instant, in epoch milliseconds."""
    return last_day_until(milliseconds - 1)


def last_day_until(milliseconds: int) -> dt.date:
    """The last day whose printed midnight is at or before an instant, in epoch milliseconds."""
    day = day_of(milliseconds)
    while midnight(day) > milliseconds:
        day -= ONE_DAY
    while day < LAST_DAY and midnight(day + ONE_DAY) <= milliseconds:  # a zone may have had one day twice
        day += ONE_DAY
    return day


class Midnights(dict[int, int]):
    """A cache of the starts of days in one zone, in epoch milliseconds, by the number of days since 1 January 2000."""

    ORIGIN = dt.date(2000, 1, 1).toordinal()

    def __init__(self, zone: str) -> None:
        super().__init__()
        self.zone = zone

    def __missing__(self, distance: int) -> int:
        if len(self) > 20_000:
            self.clear()
        self[distance] = found = _midnight(dt.date.fromordinal(self.ORIGIN + distance), self.zone)
        return found


@lru_cache
def midnights(zone: str) -> Midnights:
    """The shared cache of midnights of a zone."""
    return Midnights(zone)


@lru_cache(maxsize=20_000)
def _midnight(day: dt.date, zone: str) -> int:
    return milliseconds(dt.datetime.combine(day, dt.time(), tzinfo=ZoneInfo(zone)))
