"""The days of a synthetic campus: eight years that end on a given day, with terms, as numbers and as text."""

import datetime as dt
from bisect import bisect_left

from memberships.synthetic.seeded_random import SeededRandom

PERIODS = 2922
"""Number of days on which recorded periods start: eight years."""

BEFORE = 3 * 366
"""Number of days before the first period, in which the oldest accounts and organizations were created."""

AHEAD = 5 * 366
"""Maximum number of days after today for the end of a period."""

MONTH_WEIGHTS = {1: 3, 2: 2, 3: 1, 4: 3, 5: 2, 6: 1, 7: 1, 8: 4, 9: 9, 10: 4, 11: 2, 12: 1}
"""Relative numbers of memberships that start in each month: most at the start of a term and after spring elections."""


class Calendar:
    """Days are numbers from 0. The first period starts on day `opening`; `today` is the current day of the campus."""

    def __init__(self, today: dt.date, rng: SeededRandom) -> None:
        self.opening = BEFORE
        self.today = BEFORE + PERIODS
        self.origin = today - dt.timedelta(days=self.today)
        self.dates = [self.origin + dt.timedelta(days=day) for day in range(self.today + AHEAD + 1)]
        self.iso = [date.isoformat() for date in self.dates]
        self._rng = rng
        self._times = [
            f"{rng.randint(7, 23):02}:{rng.randrange(60):02}:{rng.randrange(60):02}.{rng.randint(1, 999_999):06}"
            for _ in range(4096)
        ]
        self._ends_of_year = self._every((5, 31))
        self._ends_of_term = self._every((5, 31), (12, 20))

    def instant(self, day: int) -> str:
        """A random instant of that day, in UTC, in a format that both databases accept."""
        return f"{self.iso[day]} {self._times[self._rng.randrange(4096)]}"

    def milliseconds(self, day: int) -> int:
        """The start of that day in UTC, as epoch milliseconds."""
        return (self.dates[day] - dt.date(1970, 1, 1)).days * 86_400_000

    def end_of_year(self, day: int) -> int:
        """The last day of the academic year that contains the day."""
        return self._first_from(day, self._ends_of_year)

    def end_of_term(self, day: int) -> int:
        """The last day of the term that contains the day."""
        return self._first_from(day, self._ends_of_term)

    def arrivals(self) -> list[int]:
        """The days on which new students arrive, every autumn and winter."""
        return [day for day in self._every((8, 20), (1, 10)) if day < self.today]

    def start_weights(self) -> list[int]:
        """Relative numbers of memberships that start on each day from `opening` until yesterday."""
        return [MONTH_WEIGHTS[date.month] for date in self.dates[self.opening : self.today]]

    def _every(self, *month_days: tuple[int, int]) -> list[int]:
        return [day for day, date in enumerate(self.dates) if (date.month, date.day) in month_days]

    def _first_from(self, day: int, days: list[int]) -> int:
        index = bisect_left(days, day)
        return days[index] if index < len(days) else len(self.dates) - 1
