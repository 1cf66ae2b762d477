"""The memberships of a synthetic campus, in the order in which they were entered."""

from collections.abc import Iterator

from memberships.importing.bulk import Row
from memberships.synthetic.calendar import Calendar
from memberships.synthetic.organizations import POSITION_KINDS, SyntheticOrganizations
from memberships.synthetic.people import Population
from memberships.synthetic.seeded_random import SeededRandom, apportion

OFFICE, ADVICE, MEMBERSHIP = range(3)
"""Categories of positions with different periods and flags."""

ROLE_CATEGORIES = tuple(
    ADVICE if kind.type == "Advisor" else MEMBERSHIP if kind.is_membership else OFFICE for kind in POSITION_KINDS
)

FLAGS = {
    OFFICE: ((0.72, True, True), (0.92, True, False), (0.96, False, True), (1.0, False, False)),
    ADVICE: ((0.85, True, True), (0.95, True, False), (0.97, False, True), (1.0, False, False)),
    MEMBERSHIP: ((0.35, True, True), (0.84, True, False), (0.88, False, True), (1.0, False, False)),
}
"""Cumulative shares of the pairs of flags (campus, public)."""

DELETED_SHARE = 0.03
REFLECTED = 0.015
VERY_ACTIVE_SHARE = 0.005
"""The share of memberships of very active students, one in a thousand, who have dozens of memberships."""

RETURNING = 0.12
"""The share of memberships given to the previous holder of the position, if there is one."""

REFLECTIONS_BEGIN = (
    "I learned",
    "What stays with me is",
    "Nobody told me",
    "I would do it again for",
    "Next year needs",
)
REFLECTIONS_END = (
    *("how to end a meeting on time.", "the evening when everybody came.", "that a budget is a story – with numbers."),
    *("how quiet a full room can be.", "those who set up the chairs.", "to ask before I answer.\nTwice, sometimes."),
)


class SyntheticMemberships:
    """All memberships of the campus. Generating them also fills `reflections`, the rows of `tables.REFLECTIONS`."""

    def __init__(
        self, groups: SyntheticOrganizations, population: Population, history: Calendar, rng: SeededRandom
    ) -> None:
        self.reflections: list[Row] = []
        self._groups = groups
        self._population = population
        self._history = history
        self._rng = rng
        self._left: dict[int, tuple[int, int]] = {}
        """For each position, the person who left it last, and the last day."""

    def membership_rows(self, first_id: int, first_position: int, first_user: int) -> Iterator[Row]:
        """Every membership as a row of `tables.MEMBERSHIPS`, with ids from `first_id`."""
        history, rng = self._history, self._rng
        positions = iter(self._groups.positions(rng))
        entered = apportion(sum(self._groups.sizes), history.start_weights())
        number = first_id - 1
        for day, entries in enumerate(entered, history.opening):
            students = self._population.students(day)
            for _ in range(entries):
                number += 1
                position = next(positions)
                nature = ROLE_CATEGORIES[self._groups.kind_of[position]]
                person, free_from = self._member(position, nature, day, students)
                start = max(self._start(day), free_from)
                end = self._end(nature, person, start)
                if end is not None and end < history.today:
                    self._left[position] = (person, end)
                if rng.chance(REFLECTED):
                    text = f"{rng.choice(REFLECTIONS_BEGIN)} {rng.choice(REFLECTIONS_END)}"
                    written = f"{history.iso[day]} 12:00:00"
                    self.reflections.append((number, text, written, written))
                yield (
                    number,
                    first_user + person,
                    first_position + position,
                    history.iso[start],
                    None if end is None else history.iso[end],
                    *self._reported(start, end),
                    *self._flags(nature),
                    *self._changes(day, end),
                )

    def _member(self, position: int, nature: int, day: int, students: range) -> tuple[int, int]:
        """The person who gets the position, and the earliest day; sometimes the previous holder again."""
        rng = self._rng
        if position in self._left:
            person, left = self._left[position]
            if left + 20 < day and (nature == ADVICE or person in students) and rng.chance(RETURNING):
                return person, left + 1
        if nature == ADVICE:
            return rng.randrange(self._population.staying), 0
        contact = self._groups.contacts[self._groups.organization_of[position]]
        if (
            POSITION_KINDS[self._groups.kind_of[position]].name == "President"
            and contact in students
            and rng.chance(0.5)
        ):
            return contact, 0
        if rng.chance(VERY_ACTIVE_SHARE):
            return students[rng.randrange(len(students) // 1000 + 1)], 0
        person = rng.choice(students)
        # One in seven people has no memberships, and the person before has twice as many.
        return person - 1 if person % 7 == 6 and person > 0 else person, 0

    def _start(self, day: int) -> int:
        """The first day of a membership that is entered on this day: usually shortly before, sometimes later."""
        rng = self._rng
        if rng.chance(0.04):
            return day + rng.randint(1, 120)
        return max(self._history.opening, day - rng.randrange(15))

    def _end(self, nature: int, person: int, start: int) -> int | None:
        """The last day of a membership; None if it has not ended, or if the end was not entered."""
        rng, history = self._rng, self._history
        chance = rng.random()
        if nature == OFFICE:
            end = history.end_of_year(start) if chance < 0.9 else start + rng.randrange(200)
        elif nature == ADVICE:
            end = start + rng.randint(200, 2000)
        elif chance < 0.04:
            end = start
        elif chance < 0.34:
            end = history.end_of_term(start)
        elif chance < 0.68:
            end = start + rng.randint(30, 900)
        elif chance < 0.88:
            end = max(self._population.departure(person) or history.today, start)
        else:
            return None
        return None if end >= history.today and (rng.chance(0.7) or end >= len(history.iso)) else end

    def _reported(self, start: int, end: int | None) -> tuple[str | None, str | None]:
        """The reported start and end; most people report none."""
        rng, iso = self._rng, self._history.iso
        if not rng.chance(0.12):
            return None, None
        reported_end = end + rng.randrange(21) if end is not None and rng.chance(0.5) else None
        return iso[start - rng.randrange(21)], None if reported_end is None else iso[min(reported_end, len(iso) - 1)]

    def _flags(self, nature: int) -> tuple[bool, bool]:
        """The flags for the campus roster and the public roster."""
        chance = self._rng.random()
        return next((campus, public) for share, campus, public in FLAGS[nature] if chance < share)

    def _changes(self, day: int, end: int | None) -> tuple[str | None, str, str, str]:
        """The times of deletion (usually None), creation, change and shown change: all before today."""
        rng, history = self._rng, self._history
        created, last = history.instant(day), history.today - 1
        if rng.chance(DELETED_SHARE) and day < last:
            deleted = history.instant(rng.randint(day + 1, min(day + 400, last)))
            return deleted, created, deleted, deleted
        if day == last or rng.chance(0.45):
            return None, created, created, created
        if end is not None and day < end < last and rng.chance(0.7):
            changed = history.instant(end + 1)
        else:
            changed = history.instant(rng.randint(day + 1, last))
        return None, created, changed, changed
