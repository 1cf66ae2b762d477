"""Has anything changed since? The one place that every change of the roster passes, and what readers learn from it.

Whoever changes memberships, positions, organizations, people or limits of keys calls `note()` in the same
transaction: the models' own save() and delete(), the QuerySets' bulk methods, and those that write past both. It
appends a line to a log and locks nothing, so writers never wait for each other.

A process may remember what it found out about the roster, together with the `horizon` of the moment it read at: every
transaction below it had ended then. While the last noted change lies below that horizon, nothing has changed since.
A change that was under way at that moment lies at or above the horizon, whenever it commits.
"""

from typing import NamedTuple

from django.db import connection

KEPT = 10_000
"""Lines of the log, in transactions, that are kept. Only the last one is ever read."""

_NOTE = {
    "postgresql": (
        "INSERT INTO roster_change (transaction) VALUES (pg_current_xact_id()::text::bigint) "
        "ON CONFLICT DO NOTHING RETURNING transaction"
    ),
    "sqlite": 'INSERT INTO roster_change ("transaction") '
    'SELECT COALESCE(MAX("transaction"), 0) + 1 FROM roster_change RETURNING "transaction"',
}
# A line above the snapshot, and not our own, is a relic: the ids of transactions begin anew where a dump is restored.
MOMENT = {
    "postgresql": (
        "SELECT COALESCE((SELECT max(transaction) FROM roster_change"
        " WHERE transaction < GREATEST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        " pg_current_xact_id_if_assigned()::text::bigint + 1)), 0),"
        " pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    ),
    "sqlite": 'SELECT COALESCE(MAX("transaction"), 0), COALESCE(MAX("transaction"), 0) + 1 FROM roster_change',
}


class Moment(NamedTuple):
    """What a reader knows of changes at one moment."""

    last: int
    """The last change that can be seen."""
    horizon: int
    """Every transaction below it has ended."""

    def still_holds(self, horizon: int) -> bool:
        """Has nothing changed between the moment of that horizon and this one?"""
        return self.last < horizon


def note() -> None:
    """Note that the running transaction changes the roster."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE[connection.vendor])
        noted = cursor.fetchone()
    if noted and noted[0] % 1000 == 0:
        shorten(noted[0])


def shorten(last: int) -> None:
    """Drop the lines of the log that lie far before its last."""
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM roster_change WHERE "transaction" < %s', [last - KEPT])


def moment() -> Moment:
    """This moment, for remembering and for asking whether what is remembered still holds."""
    with connection.cursor() as cursor:
        cursor.execute(MOMENT[connection.vendor])
        return Moment(*cursor.fetchone())
