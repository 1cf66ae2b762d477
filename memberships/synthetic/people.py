"""The people of a synthetic campus: a tenth are staff, the others are students, who leave after four years."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from memberships.synthetic.calendar import Calendar
from memberships.synthetic.seeded_random import SeededRandom, apportion
from memberships.synthetic.word_lists import FIRST_NAMES, LAST_NAMES, fold
from roster.models import User
from roster.names import SEPARATOR

YEARS_OF_STUDY = 4 * 365
STAFF_SHARE = 0.1
"""The share of faculty and staff."""

CONFIDENTIAL = 0.01
NO_PASSWORD = "!"  # noqa: S105  (Django's value for an unusable password)

SCHOOLS = ("Arts and Sciences", "Business", "Engineering", "Nursing", "Education", "Música y Danza", "Law")
STANDINGS = ("First-year", "Sophomore", "Junior", "Senior")


class Population:
    """The people on campus on each day. People are numbers from 0: staff first, then students in order of arrival."""

    def __init__(self, size: int, history: Calendar) -> None:
        self.size = size
        self.staying = max(1, int(size * STAFF_SHARE))
        self._arrivals = history.arrivals()
        self._come = list(accumulate(apportion(size - self.staying, [1] * len(self._arrivals))))

    def arrival(self, person: int) -> int:
        """The day on which the person arrived."""
        if person < self.staying:
            return person % 300
        return self._arrivals[bisect_right(self._come, person - self.staying)]

    def departure(self, person: int) -> int | None:
        """The last day of a student; None for staff."""
        return None if person < self.staying else self.arrival(person) + YEARS_OF_STUDY

    def students(self, day: int) -> range:
        """The students on campus on that day; all people if there are none yet."""
        departed = bisect_left(self._arrivals, day - YEARS_OF_STUDY)
        arrived = bisect_right(self._arrivals, day)
        first = self._come[departed - 1] if departed else 0
        last = self._come[arrived - 1] if arrived else 0
        return range(self.staying + first, self.staying + last) if last > first else range(self.size)


def synthetic_users(
    population: Population, history: Calendar, first_id: int, rng: SeededRandom
) -> Iterator[dict[str, Any]]:
    """Every person as values of a `User`, with ids from `first_id`."""
    confidential = max(1, int(population.size * CONFIDENTIAL)) if population.size > 1 else 0
    every = population.size // confidential if confidential else population.size + 1
    for person in range(population.size):
        first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
        preferred = rng.choice(FIRST_NAMES) if rng.chance(0.04) else ""
        arrival = population.arrival(person)
        changed = rng.randint(arrival, history.today - 1)
        created = history.instant(arrival)
        username = f"{_letters(first)[:1]}{_letters(last)[:7]}{first_id + person}"
        yield {
            "id": first_id + person,
            "password": NO_PASSWORD,
            "username": username,
            "username_folded": username,
            "first_name": first,
            "preferred_first_name": preferred,
            "middle_name": rng.choice(FIRST_NAMES) if rng.chance(0.2) else "",
            "last_name": last,
            "name_key": SEPARATOR.join((fold(last), fold(first))),
            "known_as_key": SEPARATOR.join((fold(last), fold(preferred or first))),
            "campus_email": f"{username}@example.edu",
            "card_id": f"{600_000_000 + 7 * (first_id + person)}",
            "sis_id": f"S{10_000_000 + 3 * (first_id + person)}",
            "attribute_times": f'{{"preferred_first_name": {history.milliseconds(changed)}}}' if preferred else "{}",
            "is_confidential": person % every == every - 1,
            "is_superuser": False,
            "created_at": created,
            "modified_at": history.instant(changed) if changed > arrival else created,
            **_standing(population, person, history.today, rng),
            "last_login": history.instant(rng.randint(changed, history.today - 1)) if rng.chance(0.6) else None,
        }


def _letters(name: str) -> str:
    """The ASCII letters of a name, which every mail server accepts."""
    return "".join(char for char in fold(name) if "a" <= char <= "z")


def _standing(population: Population, person: int, today: int, rng: SeededRandom) -> dict[str, Any]:
    """The affiliation, standing and status of the person today."""
    leaves = population.departure(person)
    if leaves is None:
        return _affiliation(rng.choice(("Faculty", "Staff")), "", "", "")
    school = rng.choice(SCHOOLS)
    if leaves < today:
        status = User.Status.INACTIVE if rng.chance(0.8) else User.Status.ACTIVE
        return {**_affiliation("Alumni", "", "", school), "status": status.value}
    status = User.Status.UNREGISTERED if rng.chance(0.05) else User.Status.ACTIVE
    standing = STANDINGS[min(3, (today - population.arrival(person)) // 365)]
    enrollment = "Part-time" if rng.chance(0.15) else "Full-time"
    return {**_affiliation("Student", enrollment, standing, school), "status": status.value}


def _affiliation(affiliation: str, enrollment: str, standing: str, school: str) -> dict[str, Any]:
    return {
        "affiliation": affiliation,
        "affiliation_folded": fold(affiliation),
        "enrollment_status": enrollment,
        "enrollment_status_folded": fold(enrollment),
        "class_standing": standing,
        "school": school,
        "school_folded": fold(school),
    }
