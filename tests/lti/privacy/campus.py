"""Organizations whose members have every combination of what decides about privacy, and what is true of them.

Every text is a token of its own, as in tests/privacy/campus.py, so that whatever is told can be read off the bytes.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field

from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate, PositionType
from tests.privacy.campus import Person, token, write_person

PERIODS: dict[str, tuple[dt.date, dt.date | None]] = {
    "past": (dt.date(2020, 9, 1), dt.date(2021, 5, 31)),
    "current": (dt.date(2024, 9, 1), None),
    "upcoming": (dt.date(2076, 9, 1), None),
}
PLACES = ("Member", "President")
"""The kinds of the two positions of each organization, in the order of their names."""

BOTH = (False, True)


@dataclass(frozen=True)
class Holding:
    """A membership in one of the two positions."""

    place: int
    on_campus: bool
    to_public: bool
    period: str = "current"
    is_deleted: bool = False


@dataclass(eq=False)
class Member:
    """A person with all memberships of theirs, which are in one organization."""

    person: Person
    holdings: tuple[Holding, ...]

    @property
    def is_alone(self) -> bool:
        """Has this person one membership?"""
        return len(self.holdings) == 1


@dataclass(eq=False)
class SampleGroup:
    number: int
    is_hidden: bool
    members: list[Member] = field(default_factory=list)
    organization: Organization | None = None

    @property
    def row(self) -> Organization:
        assert self.organization
        return self.organization

    @property
    def tokens(self) -> set[str]:
        """What is told of the organization itself."""
        return {token(self.number, "on"), token(self.number, "os")}


def held(place: int) -> list[Holding]:
    """Every kind of membership in a position."""
    flags = itertools.product(BOTH, BOTH)
    return [
        *(Holding(place, *flag, period) for flag, period in itertools.product(list(flags), PERIODS)),
        Holding(place, True, True, is_deleted=True),
    ]


def imagined() -> list[SampleGroup]:
    """An organization that everybody may know of, and a hidden one."""
    groups = [SampleGroup(0, is_hidden=False), SampleGroup(1, is_hidden=True)]
    numbers = itertools.count()
    alone: list[tuple[Holding, ...]] = [(first,) for first in held(0)]
    pairs: list[tuple[Holding, ...]] = list(itertools.product(held(0), held(1)))
    for group in groups:
        people = [(it, is_confidential) for it, is_confidential in itertools.product(alone, BOTH)]
        people += [] if group.is_hidden else [(it, False) for it in pairs]
        for holdings, is_confidential in people:
            group.members.append(Member(Person(next(numbers), is_confidential), holdings))
    return groups


def written() -> list[SampleGroup]:
    """The organizations, in the database."""
    groups = imagined()
    kind = PositionType.objects.create(name="Member")
    templates = [PositionTemplate.objects.create(name=name, default_type=kind) for name in PLACES]
    for group in groups:
        group.organization = Organization.objects.create(
            name=token(group.number, "on"),
            short_name=token(group.number, "os"),
            directory_visibility="hidden" if group.is_hidden else "visible",
        )
        positions = [
            Position.objects.create(organization=group.organization, name=token(place, "pn"), template=template)
            for place, template in enumerate(templates)
        ]
        for member in group.members:
            member.person.id = write_person(member.person)
            for holding in member.holdings:
                write_holding(member, holding, positions[holding.place])
    return groups


def write_holding(member: Member, holding: Holding, position: Position) -> None:
    start, end = PERIODS[holding.period]
    made = Membership.objects.create(
        user_id=member.person.id,
        position=position,
        recorded_start=start,
        recorded_end=end,
        shown_on_campus=holding.on_campus,
        shown_on_public=holding.to_public,
    )
    if holding.is_deleted:
        made.delete()
