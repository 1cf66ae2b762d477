"""The days of a made-up campus: eight years that end on a given day, with terms, as numbers and as text."""

import datetime as dt
from bisect import bisect_left

from memberships.synthetic.seeded_random import SeededRandom

PERIODS = 2922
"""Days of recorded periods: eight years."""

BEFORE = 3 * 366
"""Days before the periods begin, from which the oldest accounts and organizations are."""

AHEAD = 5 * 366
"""Days after the last one that an end may lie ahead."""

MONTH_WEIGHTS = {1: 3, 2: 2, 3: 1, 4: 3, 5: 2, 6: 1, 7: 1, 8: 4, 9: 9, 10: 4, 11: 2, 12: 1}
"""How many people join in each month, against each other: most when a term begins, and after elections in spring."""


class Calendar:
    """Days are numbers, 0 the first of all; `opening` is the first of the periods and `today` the day of the story."""

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
        """A moment of that day, in UTC, as both databases read it."""
        return f"{self.iso[day]} {self._times[self._rng.randrange(4096)]}"

    def milliseconds(self, day: int) -> int:
        """The start of that day in UTC, as epoch milliseconds."""
        return (self.dates[day] - dt.date(1970, 1, 1)).days * 86_400_000

    def end_of_year(self, day: int) -> int:
        """The last day of the academic year that the day lies in."""
        return self._first_from(day, self._ends_of_year)

    def end_of_term(self, day: int) -> int:
        """The last day of the term that the day lies in."""
        return self._first_from(day, self._ends_of_term)

    def arrivals(self) -> list[int]:
        """The days on which new people come, every autumn and winter."""
        return [day for day in self._every((8, 20), (1, 10)) if day < self.today]

    def start_weights(self) -> list[int]:
        """How many memberships begin on each day from the opening until yesterday, against each other."""
        return [MONTH_WEIGHTS[date.month] for date in self.dates[self.opening : self.today]]

    def _every(self, *month_days: tuple[int, int]) -> list[int]:
        return [day for day, date in enumerate(self.dates) if (date.month, date.day) in month_days]

    def _first_from(self, day: int, days: list[int]) -> int:
        index = bisect_left(days, day)
        return days[index] if index < len(days) else len(self.dates) - 1
