"""What was added, changed or removed in a roster since an instant, found out from the state of the data.

Nothing is logged for it. A membership counts as changed by its own record, its person's or its position's, and by a
first or last day that went by without a write; a change of the tool or of a deployment changes the whole roster. Who
changed and is on the roster is told of as usual; who is not, as deleted, provided the tool has been told of them
before. Somebody may be reported twice, which is harmless; nobody is forgotten.
"""

import datetime as dt
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from lti.nrps.roster import Roster, Row, deleted_row
from memberships.models import Membership

OVERLAP = dt.timedelta(minutes=10)
"""How much earlier than the last answer the next differences begin: a change may be committed that long after its
own time of modification."""


def changed_people(roster: Roster, *, since: dt.datetime, after: int, limit: int) -> list[int]:
    """The first `limit` people after the id `after` whom the tool must be told of again, in order."""
    since -= OVERLAP
    everybody = is_changed_for_all(roster, since)
    branches: list[QuerySet[Any]] = []
    for position in roster.positions:
        changed = Q() if everybody or position.modified_at >= since else moved(roster, since)
        branches += changed_in(roster, position, changed, after)
    people = roster.first_of(branches, after, limit)
    gone = gone_from_here(roster, since)
    if len(people) == limit:  # nobody after these is on this page, so that they need not be looked for
        gone = gone.filter(user__lte=people[-1])
    return sorted({*people, *roster.first_of([gone], after, limit)})[:limit]


def changed_in(roster: Roster, position: Any, changed: Q, after: int) -> list[QuerySet[Any]]:
    """Memberships of a position that changed, of people whom the tool may know of now, and of those it knows of.

    They are asked for apart, so that each is read in the order of an index.
    """
    known = roster.disclosed.filter(user=OuterRef("user"), user__gt=after)
    held = Membership.objects.filter(changed, position=position)
    return [roster.told.filter(changed, position=position), held.filter(Exists(known))]


def moved(roster: Roster, since: dt.datetime) -> Q:
    """Memberships that changed by a write or by the calendar."""
    day = timezone.localdate(since)
    written = Q(modified_at__gte=since) | Q(user__modified_at__gte=since)
    began = Q(recorded_start__gt=day, recorded_start__lte=roster.on)
    ended = Q(recorded_end__gte=day, recorded_end__lt=roster.on)
    return written | began | ended


def gone_from_here(roster: Roster, since: dt.datetime) -> QuerySet[Any]:
    """People told of here whose memberships are all elsewhere now: moved to another organization."""
    theirs = Membership.objects.filter(user=OuterRef("user"))
    here = theirs.filter(position__organization=roster.organization)
    lately = theirs.filter(Q(modified_at__gte=since) | Q(position__modified_at__gte=since))
    return roster.disclosed.filter(~Exists(here), Exists(lately))


def is_changed_for_all(roster: Roster, since: dt.datetime) -> bool:
    """Did what the tool may know change as a whole?"""
    deployments = roster.tool.deployments.aggregate(last=Max("modified_at"))["last"]
    return bool(max(roster.tool.modified_at, deployments) >= since)


def rows(roster: Roster, people: list[int]) -> dict[int, Row]:
    """The rows of people who changed: as they are now, or deleted."""
    now = roster.rows(people)
    return {user_id: now.get(user_id) or deleted_row(roster.tool, user_id) for user_id in people}
