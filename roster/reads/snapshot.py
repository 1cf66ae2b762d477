"""Snapshots: has anything in the roster changed since some earlier read?

A process may cache data together with a snapshot that was taken before reading them: the last visible change, and the
xmin, below which all transactions had ended. A change in progress has an id at or above the xmin, no matter when it
commits. So if the last change is below the xmin, nothing has changed as long as it is still the last change.

After a crash or a promotion PostgreSQL may reuse ids of transactions that were lost. Both empty an unlogged table that
holds a random id of the instance, and a snapshot is valid for its instance only.
"""

import random
from contextlib import suppress
from typing import NamedTuple

from django.db import InternalError, ProgrammingError, connection, transaction

from roster.history.change_tracking import LAST_CHANGE

SNAPSHOT = {
    "postgresql": (
        LAST_CHANGE["postgresql"]  # noqa: S608 (constants)
        + ", pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (SELECT number FROM roster_databaseinstance)"
    ),
    "sqlite": 'SELECT COALESCE(MAX("transaction"), 0), COALESCE(MAX("transaction"), 0) + 1, 0 FROM roster_change',
}
_CREATE_INSTANCE = "INSERT INTO roster_databaseinstance (singleton, number) VALUES (true, %s) ON CONFLICT DO NOTHING"


class Snapshot(NamedTuple):
    """The state of the change log at one instant. It must be read before the data to be cached."""

    last_change: int
    """Id of the last visible transaction that changed the roster."""
    xmin: int
    """Every transaction with a lower id has ended."""
    instance_id: int | None
    """Id of the running database: a new one after a crash or a promotion. None if it cannot be written."""

    @property
    def is_cacheable(self) -> bool:
        """Can a later snapshot show whether anything has changed? Not while an older transaction is running."""
        return self.instance_id is not None and self.last_change < self.xmin

    def is_unchanged_at(self, later: "Snapshot") -> bool:
        """Has nothing changed between this snapshot and a later one?"""
        return self.is_cacheable and (self.instance_id, self.last_change) == (later.instance_id, later.last_change)


def current_snapshot() -> Snapshot:
    """Read the current snapshot."""
    found = _read_snapshot()
    if found.instance_id is None:  # the first reader after a crash
        with suppress(InternalError, ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CREATE_INSTANCE, [random.getrandbits(63)])
        found = _read_snapshot()
    return found


def _read_snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT[connection.vendor])
        return Snapshot(*cursor.fetchone())
