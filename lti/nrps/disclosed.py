"""What a tool has been told of each person, so that it is told of differences only, and of each once."""

import hashlib
from collections.abc import Iterable

import orjson
from django.utils import timezone

from lti.models import Disclosed
from lti.nrps.roster import MemberRow, Roster


def row_digest(row: MemberRow | None) -> str:
    """What a row is known by; `Disclosed.GONE` of nobody."""
    if row is None:
        return Disclosed.GONE
    return hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record_page(
    roster: Roster, people: list[int], rows: dict[int, MemberRow], *, after: int, is_last: bool, walk: int
) -> None:
    """Note a page of a whole roster: what is said of these people, and that nobody between them is there any more."""
    here = roster.disclosed.filter(user__gt=after)
    if not is_last:
        here = here.filter(user__lte=people[-1])
    known = dict(here.exclude(digest=Disclosed.GONE).values_list("user", "digest"))
    record_changes(roster, known, {pk: rows.get(pk) for pk in {*people, *known}}, walk=walk)


def record_members(roster: Roster, rows: dict[int, MemberRow], *, walk: int) -> None:
    """Note what is said of these people, and nothing of others."""
    known = dict(roster.disclosed.filter(user__in=rows.keys()).values_list("user", "digest"))
    record_changes(roster, known, dict(rows), walk=walk)


def record_changes(roster: Roster, known: dict[int, str], rows: dict[int, MemberRow | None], *, walk: int) -> None:
    """Remember of each row that is not what the tool knows."""
    changed = {pk: digest for pk, digest in digests(rows) if known.get(pk, Disclosed.GONE) != digest}
    Disclosed.objects.record(roster.tool, roster.context, changed, walk=walk, at=timezone.now())


def digests(rows: dict[int, MemberRow | None]) -> Iterable[tuple[int, str]]:
    return ((pk, row_digest(row)) for pk, row in rows.items())
