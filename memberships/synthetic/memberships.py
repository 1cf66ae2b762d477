"""Who held which position of a made-up campus, and when: memberships in the order in which they were entered."""

from collections.abc import Iterator

from memberships.importing.bulk import Row
from memberships.synthetic.calendar import Calendar
from memberships.synthetic.organizations import POSITION_KINDS, SyntheticOrganizations
from memberships.synthetic.people import Population
from memberships.synthetic.seeded_random import SeededRandom, apportion

OFFICE, ADVICE, MEMBERSHIP = range(3)
"""What a kind of position is, as far as its periods and flags go."""

ROLE_CATEGORIES = tuple(
    ADVICE if kind.type == "Advisor" else MEMBERSHIP if kind.is_membership else OFFICE for kind in POSITION_KINDS
)

FLAGS = {
    OFFICE: ((0.72, True, True), (0.92, True, False), (0.96, False, True), (1.0, False, False)),
    ADVICE: ((0.85, True, True), (0.95, True, False), (0.97, False, True), (1.0, False, False)),
    MEMBERSHIP: ((0.35, True, True), (0.84, True, False), (0.88, False, True), (1.0, False, False)),
}
"""Shares of the pairs campus and public, each added to those before."""

DELETED_SHARE = 0.03
REFLECTED = 0.015
VERY_ACTIVE_SHARE = 0.005
"""The share of seats that go to one student in a thousand: there are people with dozens of memberships."""

RETURNING = 0.12
"""The share of seats that somebody takes again who left the same position earlier, where there is somebody."""

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
    """All memberships of the campus. `reflections` fills as they are made, as the values of `tables.REFLECTIONS`."""

    def __init__(
        self, groups: SyntheticOrganizations, population: Population, history: Calendar, dice: SeededRandom
    ) -> None:
        self.reflections: list[Row] = []
        self._groups = groups
        self._population = population
        self._history = history
        self._dice = dice
        self._left: dict[int, tuple[int, int]] = {}
        """Of each position, who left it last and on which day."""

    def membership_rows(self, first_id: int, first_position: int, first_user: int) -> Iterator[Row]:
        """Every membership as the values of `tables.MEMBERSHIPS`, ids from `first_id` on."""
        history, dice = self._history, self._dice
        seats = iter(self._groups.seats(dice))
        entered = apportion(sum(self._groups.sizes), history.start_weights())
        number = first_id - 1
        for day, entries in enumerate(entered, history.opening):
            students = self._population.students(day)
            for _ in range(entries):
                number += 1
                position = next(seats)
                nature = ROLE_CATEGORIES[self._groups.kind_of[position]]
                person, free_from = self._member(position, nature, day, students)
                start = max(self._start(day), free_from)
                end = self._end(nature, person, start)
                if end is not None and end < history.today:
                    self._left[position] = (person, end)
                if dice.chance(REFLECTED):
                    text = f"{dice.choice(REFLECTIONS_BEGIN)} {dice.choice(REFLECTIONS_END)}"
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
        """Who takes the seat, and from which day at the earliest; now and then somebody who had it before."""
        dice = self._dice
        if position in self._left:
            person, left = self._left[position]
            if left + 20 < day and (nature == ADVICE or person in students) and dice.chance(RETURNING):
                return person, left + 1
        if nature == ADVICE:
            return dice.randrange(self._population.staying), 0
        contact = self._groups.contacts[self._groups.organization_of[position]]
        if (
            POSITION_KINDS[self._groups.kind_of[position]].name == "President"
            and contact in students
            and dice.chance(0.5)
        ):
            return contact, 0
        if dice.chance(VERY_ACTIVE_SHARE):
            return students[dice.randrange(len(students) // 1000 + 1)], 0
        person = dice.choice(students)
        # One in seven joins nothing, and the one before joins twice as often.
        return person - 1 if person % 7 == 6 and person > 0 else person, 0

    def _start(self, day: int) -> int:
        """The first day of a membership that is entered on this one: mostly shortly before, sometimes ahead."""
        dice = self._dice
        if dice.chance(0.04):
            return day + dice.randint(1, 120)
        return max(self._history.opening, day - dice.randrange(15))

    def _end(self, nature: int, person: int, start: int) -> int | None:
        """The last day of a membership; None: still held, or nobody ever entered the end."""
        dice, history = self._dice, self._history
        chance = dice.random()
        if nature == OFFICE:
            end = history.end_of_year(start) if chance < 0.9 else start + dice.randrange(200)
        elif nature == ADVICE:
            end = start + dice.randint(200, 2000)
        elif chance < 0.04:
            end = start
        elif chance < 0.34:
            end = history.end_of_term(start)
        elif chance < 0.68:
            end = start + dice.randint(30, 900)
        elif chance < 0.88:
            end = max(self._population.departure(person) or history.today, start)
        else:
            return None
        return None if end >= history.today and (dice.chance(0.7) or end >= len(history.iso)) else end

    def _reported(self, start: int, end: int | None) -> tuple[str | None, str | None]:
        """The days that the person reports; most report none."""
        dice, iso = self._dice, self._history.iso
        if not dice.chance(0.12):
            return None, None
        reported_end = end + dice.randrange(21) if end is not None and dice.chance(0.5) else None
        return iso[start - dice.randrange(21)], None if reported_end is None else iso[min(reported_end, len(iso) - 1)]

    def _flags(self, nature: int) -> tuple[bool, bool]:
        """On the campus roster, on the public roster."""
        chance = self._dice.random()
        return next((campus, public) for share, campus, public in FLAGS[nature] if chance < share)

    def _changes(self, day: int, end: int | None) -> tuple[str | None, str, str, str]:
        """When it was deleted, made and changed: the first mostly never, all before the day of the story."""
        dice, history = self._dice, self._history
        created, last = history.instant(day), history.today - 1
        if dice.chance(DELETED_SHARE) and day < last:
            deleted = history.instant(dice.randint(day + 1, min(day + 400, last)))
            return deleted, created, deleted, deleted
        if day == last or dice.chance(0.45):
            return None, created, created, created
        if end is not None and day < end < last and dice.chance(0.7):
            changed = history.instant(end + 1)
        else:
            changed = history.instant(dice.randint(day + 1, last))
        return None, created, changed, changed
