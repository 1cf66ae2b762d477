"""Change tracking: a log of the transactions that change the roster, and snapshots to check caches against it.

Whoever changes memberships, positions, organizations, people or limits of keys logs it in the same transaction: the
models' own save() and delete() and the bulk methods of the QuerySets write inside `track_changes()`, and those that
write in other ways call `log_change()`. It appends a row to a log and locks nothing, so writers never wait for each
other.

A process may cache what it read together with the snapshot that was read before the data: the last change that was
visible, and `xmin`, the oldest transaction that was still running. A change that was running has an id of xmin or
more, whenever it commits. So if the last change lies below xmin, nothing has changed for as long as the last change is
the same.

After a crash, PostgreSQL gives out the ids of lost transactions again; a standby that is promoted does so with those it
had not received. Both empty an unlogged table that holds a random id of the instance, and a snapshot is valid for its
instance only.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from django.db import InternalError, ProgrammingError, connection, transaction

KEPT_TRANSACTIONS = 10_000
"""Lines of the log, in transactions, that are kept. Only the last one is ever read."""

TRIM_ONCE_IN = 1000
"""How many changes there are, on average, for each time that the log is shortened."""

_LOG_CHANGE = {
    "postgresql": (
        "INSERT INTO roster_change (transaction) VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING"
    ),
    "sqlite": 'INSERT INTO roster_change ("transaction") SELECT COALESCE(MAX("transaction"), 0) + 1 FROM roster_change',
}
_WITH_LOG_CHANGE = f"WITH noted AS ({_LOG_CHANGE['postgresql']}) "
_WRITES = ("INSERT ", "UPDATE ", "DELETE ")
"""How the statements begin that PostgreSQL takes after a WITH, as Django writes them."""
_NO_WRITES = ("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ", "SET ")
# A line above the snapshot, and not our own, is a relic: the ids of transactions begin anew where a dump is restored.
SNAPSHOT = {
    "postgresql": (
        "SELECT COALESCE((SELECT max(transaction) FROM roster_change"
        " WHERE transaction < GREATEST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        " pg_current_xact_id_if_assigned()::text::bigint + 1)), 0),"
        " pg_snapshot_xmin(pg_current_snapshot())::text::bigint, (SELECT number FROM roster_databaseinstance)"
    ),
    "sqlite": 'SELECT COALESCE(MAX("transaction"), 0), COALESCE(MAX("transaction"), 0) + 1, 0 FROM roster_change',
}
_CREATE_INSTANCE = "INSERT INTO roster_databaseinstance (singleton, number) VALUES (true, %s) ON CONFLICT DO NOTHING"


class Snapshot(NamedTuple):
    """What a reader knows of changes at one instant. It is read before the data whose validity it proves."""

    last: int
    """The last change that can be seen."""
    xmin: int
    """Every transaction below it has ended."""
    instance: int | None
    """Id of the running database: another one after a crash or a promotion. None where it cannot be written."""

    @property
    def is_cacheable(self) -> bool:
        """Can a later reader know whether something has changed since? Not while an older transaction is running."""
        return self.instance is not None and self.last < self.xmin

    def is_unchanged_at(self, now: "Snapshot") -> bool:
        """Has nothing changed between this snapshot and a later one?"""
        return self.is_cacheable and (self.instance, self.last) == (now.instance, now.last)


@contextmanager
def track_changes() -> Iterator[None]:
    """Log the changes that are written inside, in the transaction that writes them.

    On PostgreSQL each statement that writes carries the log entry along, so that one statement needs no transaction
    around it. SQLite cannot write twice in a statement; there, what is written inside is one transaction.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic(savepoint=False):
            yield
            log_change()
    elif _with_log_entry in connection.execute_wrappers:
        yield  # a save() inside another
    else:
        with connection.execute_wrapper(_with_log_entry):
            yield
        _trim_sometimes()


def log_change() -> None:
    """Log that the running transaction changes the roster."""
    with connection.cursor() as cursor:
        cursor.execute(_LOG_CHANGE[connection.vendor])
    _trim_sometimes()


def _with_log_entry(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement, with a log entry if it may write: a wrapper for Django's `execute_wrapper`."""
    if isinstance(sql, str) and sql.startswith(_NO_WRITES):
        return execute(sql, params, many, context)
    if isinstance(sql, str) and sql.startswith(_WRITES):
        return execute(_WITH_LOG_CHANGE + sql, params, many, context)
    with transaction.atomic(savepoint=False):  # it has a WITH of its own, or is no plain text
        execute(_LOG_CHANGE["postgresql"], [()] if many else None, many, context)
        return execute(sql, params, many, context)


def _trim_sometimes() -> None:
    """Trim the log after some changes, chosen at random, so that many short processes do it as often as one long one.

    It happens after the transaction, and if it fails the change stays.
    """
    if random.randrange(TRIM_ONCE_IN) == 0:  # noqa: S311 (nothing secret hangs on it)
        transaction.on_commit(trim, robust=True)


def trim() -> None:
    """Delete the rows of the log that are far older than its last."""
    last = current_snapshot().last
    with connection.cursor() as cursor:
        cursor.execute('DELETE FROM roster_change WHERE "transaction" < %s', [last - KEPT_TRANSACTIONS])


def current_snapshot() -> Snapshot:
    """The present snapshot, to store with what is cached, and to check whether a cache entry is still valid."""
    found = _read_snapshot()
    if found.instance is None:  # the first reader after a crash
        with suppress(InternalError, ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CREATE_INSTANCE, [random.getrandbits(63)])
        found = _read_snapshot()
    return found


def _read_snapshot() -> Snapshot:
    with connection.cursor() as cursor:
        cursor.execute(SNAPSHOT[connection.vendor])
        return Snapshot(*cursor.fetchone())
