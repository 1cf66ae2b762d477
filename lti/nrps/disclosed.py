"""What has been disclosed of each person to a tool, so that each difference is reported once."""

import hashlib
from collections.abc import Iterable

import orjson
from django.utils import timezone

from lti.models import Disclosed
from lti.nrps.roster import MemberRow, Roster


def row_digest(row: MemberRow | None) -> str:
    """SHA-256 of a row in hex digits; `Disclosed.GONE` if there is no row."""
    if row is None:
        return Disclosed.GONE
    return hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()


def record_page(
    roster: Roster, people: list[int], rows: dict[int, MemberRow], *, after: int, is_last: bool, walk: int
) -> None:
    """Store a page of a whole roster: the rows of these people, and that everybody else up to its end is gone."""
    page = roster.disclosed.filter(user__gt=after)
    if not is_last:
        page = page.filter(user__lte=people[-1])
    known = dict(page.exclude(digest=Disclosed.GONE).values_list("user", "digest"))
    record_changes(roster, known, {pk: rows.get(pk) for pk in {*people, *known}}, walk=walk)


def record_members(roster: Roster, rows: dict[int, MemberRow], *, walk: int) -> None:
    """Store the rows of these people. Others stay as they are."""
    known = dict(roster.disclosed.filter(user__in=rows.keys()).values_list("user", "digest"))
    record_changes(roster, known, dict(rows), walk=walk)


def record_changes(roster: Roster, known: dict[int, str], rows: dict[int, MemberRow | None], *, walk: int) -> None:
    """Store the digest of each row that differs from the one that the tool received last."""
    changed = {pk: digest for pk, digest in digests(rows) if known.get(pk, Disclosed.GONE) != digest}
    Disclosed.objects.record(roster.tool, roster.context, changed, walk=walk, at=timezone.now())


def digests(rows: dict[int, MemberRow | None]) -> Iterable[tuple[int, str]]:
    return ((pk, row_digest(row)) for pk, row in rows.items())
