"""What a sync has to do: the members of a course compared with the memberships of the organization.

Nothing here asks the database or the clock.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lti import roles
from lti.sync.matching import Match, Matcher

if TYPE_CHECKING:
    from lti.tool.course_roster import Member

MIN_ALLOWED_ENDS = 3
"""Memberships that may always end while somebody is left: of a small roster they are soon a large part."""


class RoleMapping(NamedTuple):
    """A role of the course, and the template whose position its people hold."""

    role: str
    template_id: int


class CurrentMembership(NamedTuple):
    """A membership of the organization that is current or yet to begin."""

    membership_id: int
    user_id: int
    position_id: int
    start: dt.date
    end: dt.date | None
    is_open: bool
    """Made by a sync of this link, which has seen the person in the course ever since."""


class RemovedMembership(NamedTuple):
    """A membership that a sync made and keeps, and that somebody has deleted or ended by hand."""

    membership_id: int
    user_id: int
    position_id: int


class Assignment(NamedTuple):
    """A person in the position of a template."""

    user_id: int
    template_id: int


@dataclass
class DesiredMembers:
    """Who belongs into the organization, by what the course says."""

    places: dict[int, int] = field(default_factory=dict)
    """The template of each person's position, by user id."""
    retired: set[int] = field(default_factory=set)
    """People with an inactive account: they keep what they hold and get nothing new."""
    recognized: dict[str, Match] = field(default_factory=dict)
    """Who is who, by the ids that the LMS gives them."""
    unmatched: list[tuple["Member", str]] = field(default_factory=list)
    """Members who are nobody here, each with a sentence that says why."""
    unmapped: Counter[str] = field(default_factory=Counter)
    """Roles that stand for no position, and how many members have none beside them."""
    unmapped_members: int = 0
    members: int = 0
    """How many members the course has."""


@dataclass
class SyncDiff:
    """What a sync would write."""

    new: list[Assignment] = field(default_factory=list)
    kept: list[CurrentMembership] = field(default_factory=list)
    already_there: list[Assignment] = field(default_factory=list)
    """Memberships that somebody else made. No sync ends them."""
    left_out: list[Assignment] = field(default_factory=list)
    """People whom the staff took off the roster while the course still has them."""
    inactive: list[int] = field(default_factory=list)
    """People who get nothing new, because their account is retired."""
    ends: list[CurrentMembership] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    """Memberships that ended by hand and whose people have left the course since: they may come back."""
    open: int = 0
    """How many memberships syncs keep here."""


def by_precedence(mappings: Iterable[RoleMapping]) -> list[RoleMapping]:
    """The roles in which they decide: sub-roles first, which an LMS sends beside their principal role."""
    return sorted(mappings, key=lambda row: roles.principal_of(row.role) is None)


def desired_members(members: Iterable["Member"], people: Matcher, mappings: Iterable[RoleMapping]) -> DesiredMembers:
    """Who belongs into the organization. `mapped` is in the order of the link: of several roles the first decides."""
    ordered = by_precedence(mappings)
    rank = {roles.parse_role(row.role): number for number, row in reversed(list(enumerate(ordered)))}
    found, first = DesiredMembers(), dict[int, int]()
    for member in members:
        if member.status.casefold() != "active":
            continue
        found.members += 1
        held = {roles.parse_role(role) for role in roles.with_principals(member.roles)}
        number = min((rank[role] for role in held if role in rank), default=None)
        if number is None:
            found.unmapped_members += 1
            found.unmapped.update(set(member.roles))
        elif isinstance(match := people.find(member), str):
            found.unmatched.append((member, match))
        else:
            account = match.account
            found.recognized[member.user_id] = match
            first[account.pk] = min(number, first.get(account.pk, number))
            if account.is_retired:
                found.retired.add(account.pk)
    found.places = {user_id: ordered[number].template_id for user_id, number in first.items()}
    return found


def compute_diff(
    desired: DesiredMembers,
    positions: Mapping[int, int | None],
    held: Iterable[CurrentMembership],
    gone: Iterable[RemovedMembership],
    *,
    on: dt.date,
) -> SyncDiff:
    """What a sync writes on the day `on`. `positions` has the position of each template; None: it is to be made."""
    made = SyncDiff()
    holders = dict[tuple[int, int], list[CurrentMembership]]()
    for row in held:
        holders.setdefault((row.user_id, row.position_id), []).append(row)
    by_hand = list(gone)
    taken_away = {(row.user_id, row.position_id) for row in by_hand}
    for user_id, template_id in sorted(desired.places.items()):
        assignment, position_id = Assignment(user_id, template_id), positions[template_id]
        here = holders.get((user_id, position_id), []) if position_id is not None else []
        if kept := [row for row in here if row.is_open]:
            made.kept += kept
        elif here:
            made.already_there.append(assignment)
        elif (user_id, position_id) in taken_away:
            made.left_out.append(assignment)
        elif user_id in desired.retired:
            made.inactive.append(user_id)
        else:
            made.new.append(assignment)
    belongs = {(user_id, positions[template_id]) for user_id, template_id in desired.places.items()}
    opened = [row for rows in holders.values() for row in rows if row.is_open]
    made.open = len(opened)
    for row in opened:
        if (row.user_id, row.position_id) not in belongs and row.start <= on:
            if row.end == on:
                made.closes.append(row.membership_id)  # somebody ends it today
            else:
                made.ends.append(row)
    made.closes += [row.membership_id for row in by_hand if (row.user_id, row.position_id) not in belongs]
    return made


def threshold_error(plan: SyncDiff, desired: DesiredMembers, *, percent: int) -> str:
    """Why this plan is not carried out without leave; "" if it may be. `percent`: how much of the roster may end."""
    number = len(plan.ends)
    if not number:
        return ""
    ends = f"This would end {number:,} of the {plan.open:,} memberships that syncs keep here"
    if not desired.places:
        told = (
            f"Of {desired.members:,} in the course nobody belongs here"
            if desired.members
            else "The course has no members"
        )
        return f"{told}. {ends}."
    if number > MIN_ALLOWED_ENDS and number * 100 > percent * plan.open:
        return f"{ends}, more than {percent} %."
    return ""
