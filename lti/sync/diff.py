"""The diff of a sync: the members of a course compared with the memberships of the organization.

Nothing here reads the database or the clock.
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
"""So many memberships may end whatever the percentage, unless nobody is left: small rosters would exceed it at once."""


class RoleMapping(NamedTuple):
    """A role of the course, and the template whose position its holders get."""

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
    """Created by a sync of this link, and the person has been in the course ever since."""


class RemovedMembership(NamedTuple):
    """A membership that a sync created and keeps, and that staff have deleted or ended."""

    membership_id: int
    user_id: int
    position_id: int


class Assignment(NamedTuple):
    """A person in the position of a template."""

    user_id: int
    template_id: int


@dataclass
class DesiredMembers:
    """Who should be in the organization, according to the course."""

    template_ids: dict[int, int] = field(default_factory=dict)
    """The template of each person, by user id."""
    retired: set[int] = field(default_factory=set)
    """People with an inactive account: they keep what they hold and get nothing new."""
    recognized: dict[str, Match] = field(default_factory=dict)
    """The recognized people, by their ids in the LMS."""
    unmatched: list[tuple["Member", str]] = field(default_factory=list)
    """Members without an account here, each with the reason."""
    unmapped: Counter[str] = field(default_factory=Counter)
    """Roles without a position, and how many members have no other."""
    unmapped_members: int = 0
    members: int = 0
    """How many active members the course has."""


@dataclass
class SyncDiff:
    """The changes that a sync makes."""

    new: list[Assignment] = field(default_factory=list)
    kept: list[CurrentMembership] = field(default_factory=list)
    already_there: list[Assignment] = field(default_factory=list)
    """Memberships that were not created by a sync. No sync ends them."""
    left_out: list[Assignment] = field(default_factory=list)
    """People whom staff removed from the roster while they are still in the course."""
    inactive: list[int] = field(default_factory=list)
    """People who get nothing new, because their account is retired."""
    ends: list[CurrentMembership] = field(default_factory=list)
    closes: list[int] = field(default_factory=list)
    """Memberships ended by staff whose people have since left the course, and may get a new one later."""
    open: int = 0
    """How many memberships of the organization syncs keep."""


def by_precedence(mappings: Iterable[RoleMapping]) -> list[RoleMapping]:
    """The roles by precedence: sub-roles first, because an LMS sends them together with their principal role."""
    return sorted(mappings, key=lambda row: roles.principal_of(row.role) is None)


def desired_members(members: Iterable["Member"], people: Matcher, mappings: Iterable[RoleMapping]) -> DesiredMembers:
    """Who should be in the organization. `mappings` in the order of the link: of several roles the first decides."""
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
    found.template_ids = {user_id: ordered[number].template_id for user_id, number in first.items()}
    return found


def compute_diff(
    desired: DesiredMembers,
    positions: Mapping[int, int | None],
    held: Iterable[CurrentMembership],
    removed: Iterable[RemovedMembership],
    *,
    on: dt.date,
) -> SyncDiff:
    """What a sync writes on the day `on`. `positions`: the position of each template, None if it is to be created."""
    diff = SyncDiff()
    holders = dict[tuple[int, int], list[CurrentMembership]]()
    for row in held:
        holders.setdefault((row.user_id, row.position_id), []).append(row)
    by_hand = list(removed)
    taken_away = {(row.user_id, row.position_id) for row in by_hand}
    for user_id, template_id in sorted(desired.template_ids.items()):
        assignment, position_id = Assignment(user_id, template_id), positions[template_id]
        here = holders.get((user_id, position_id), []) if position_id is not None else []
        if kept := [row for row in here if row.is_open]:
            diff.kept += kept
        elif here:
            diff.already_there.append(assignment)
        elif (user_id, position_id) in taken_away:
            diff.left_out.append(assignment)
        elif user_id in desired.retired:
            diff.inactive.append(user_id)
        else:
            diff.new.append(assignment)
    belongs = {(user_id, positions[template_id]) for user_id, template_id in desired.template_ids.items()}
    opened = [row for rows in holders.values() for row in rows if row.is_open]
    diff.open = len(opened)
    for row in opened:
        if (row.user_id, row.position_id) not in belongs and row.start <= on:
            if row.end == on:
                diff.closes.append(row.membership_id)  # staff end it today
            else:
                diff.ends.append(row)
    diff.closes += [row.membership_id for row in by_hand if (row.user_id, row.position_id) not in belongs]
    return diff


def threshold_error(diff: SyncDiff, desired: DesiredMembers, *, percent: int) -> str:
    """Why this diff needs permission; "" if it needs none. `percent`: how much of the roster may end."""
    number = len(diff.ends)
    if not number:
        return ""
    ends = f"This would end {number:,} of the {diff.open:,} memberships that syncs keep here"
    if not desired.template_ids:
        reason = (
            f"Of {desired.members:,} in the course nobody belongs here"
            if desired.members
            else "The course has no members"
        )
        return f"{reason}. {ends}."
    if number > MIN_ALLOWED_ENDS and number * 100 > percent * diff.open:
        return f"{ends}, more than {percent} %."
    return ""
