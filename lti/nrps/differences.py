"""What was added, changed or removed in a roster since an instant, computed from the present data.

No change is logged for it. Candidates are the people whose own record, membership or position was written since, and
those who have no membership here any more; or everybody, if much was written, a day has passed, or the tool or a
deployment changed. The tool receives those candidates whose row is not the one that it received last (`Disclosed`), as
they are now or as deleted. So nobody is reported for a change of what the tool may not read, and nobody who is gone is
reported again.

The same URL gives the same answer again: what was found since its instant is in the answers of every walk but the one
that begins there, whose members include it already.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, Q, QuerySet
from django.utils import timezone

from lti.models import Disclosed
from lti.nrps.disclosed import row_digest
from lti.nrps.roster import MemberRow, Roster, deleted_row
from memberships.models import Membership
from organizations.models import Position
from roster import days
from roster.models import User

COMMIT_OVERLAP = dt.timedelta(minutes=10)
"""How much earlier than the last answer candidates are looked for: a change may be committed that long after its own
time of modification."""

MAX_CHANGED = 1000
"""If more people of the whole campus have changed, everybody in the organization is a candidate."""

MAX_COMPARED = 1000
"""People whose rows one answer compares at most. It then links to the rest, however few differences it has."""


@dataclass(frozen=True)
class Differences:
    """A page of differences."""

    rows: list[MemberRow]
    last: int | None
    """The last person who was compared, when there may be more after them."""


def find_differences(roster: Roster, *, since: int, after: int, limit: int, walk: int) -> Differences:
    """The next differences since an instant (epoch milliseconds), of people after the id `after`."""
    instant = days.instant(since)
    changed = changed_people(roster, instant)
    found: list[MemberRow] = []
    for size in (limit, MAX_COMPARED - limit):  # first as if everybody differed; then, if few do, many at once
        people = difference_candidates(roster, changed, instant, walk=since, after=after, limit=size + 1)
        rows, after = differing(
            roster, people[:size], instant, since=since, walk=walk, after=after, limit=limit - len(found)
        )
        found += rows
        if len(people) <= size and (not people or after == people[-1]):
            return Differences(found, None)
        if len(found) == limit:
            break
    return Differences(found, after)


def changed_people(roster: Roster, instant: dt.datetime) -> list[int] | None:
    """People of the whole campus who changed since an instant, if there are few; None: anybody may have changed."""
    begin = instant - COMMIT_OVERLAP
    deployments = roster.tool.deployments.aggregate(last=Max("modified_at"))["last"]
    if timezone.localdate(begin) < roster.on or max(roster.tool.modified_at, deployments) >= begin:
        return None
    written = Membership.objects.filter(modified_at__gte=begin).values_list("user", flat=True)
    positions = Position.objects.filter(modified_at__gte=begin)
    moved = Membership.objects.filter(position__in=positions).values_list("user", flat=True)
    people = User.objects.filter(modified_at__gte=begin).values_list("pk", flat=True)
    found: set[int] = set()
    for query in (written, moved, people):
        found.update(query[: MAX_CHANGED + 1])
        if len(found) > MAX_CHANGED:
            return None
    return sorted(found)


def difference_candidates(
    roster: Roster, changed: list[int] | None, instant: dt.datetime, *, walk: int, after: int, limit: int
) -> list[int]:
    """The first `limit` people after the id `after` whose row may be another than the tool knows, in order.

    They are on the roster now or have been disclosed to the tool: nobody else can be a difference.
    """
    disclosed = roster.disclosed.filter(user__gt=after)
    present = disclosed.exclude(digest=Disclosed.GONE)
    if changed is None:
        page = roster.people(after=after, limit=limit)
        known = present
    else:
        theirs = [pk for pk in changed if pk > after]
        held = roster.disclosable.filter(user__in=theirs, position__organization=roster.organization)
        page = first_users(held, limit)
        known = present.filter(Q(user__in=theirs) | has_left(roster, instant))
    again = disclosed.changed_since(instant, walk=walk)
    return sorted({*page, *first_users(known, limit), *first_users(again, limit)})[:limit]


def has_left(roster: Roster, instant: dt.datetime) -> Q:
    """Has somebody no membership in this organization any more, not even a deleted one?

    That is so if their membership was given to somebody else: only the other person's is found as written since.
    """
    written = Membership.objects.filter(modified_at__gte=instant - COMMIT_OVERLAP)
    return Q(Exists(written)) & ~Q(Exists(roster.of_same_person(Membership.objects.all())))


def first_users(rows: QuerySet[Any], limit: int) -> list[int]:
    """The first people of these rows, in order."""
    return list(rows.order_by("user").values_list("user", flat=True).distinct()[:limit]) if limit else []


def differing(
    roster: Roster, people: list[int], instant: dt.datetime, *, since: int, walk: int, after: int, limit: int
) -> tuple[list[MemberRow], int]:
    """The first rows of these people that are a difference, in order, and the last person who was compared.

    They are stored as disclosed.
    """
    now: dict[int, MemberRow] = roster.rows(people)
    stored = {row.user_id: row for row in roster.disclosed.filter(user__in=people)}
    changed: dict[int, str] = {}
    rows: list[MemberRow] = []
    for pk in people:
        if len(rows) == limit:
            break
        after = pk
        digest, known = row_digest(now.get(pk)), stored.get(pk)
        if digest != (known.digest if known else Disclosed.GONE):
            changed[pk] = digest
        elif known is None or not is_later(known, instant, since):
            continue
        rows.append(now.get(pk) or deleted_row(roster.tool, pk))
    Disclosed.objects.record(roster.tool, roster.context, changed, walk=walk, at=timezone.now())
    return rows, after


def is_later(known: Disclosed, instant: dt.datetime, since: int) -> bool:
    """Was the row found to differ since an instant, by another walk than the one that began there?"""
    return known.changed_at is not None and known.changed_at >= instant and known.changed_in != since
