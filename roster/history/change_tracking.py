"""Change tracking: every transaction that changes the roster appends a line to a log.

Code that changes memberships, positions, organizations, people or limits of keys logs it in the same transaction: the
models' save() and delete() and the QuerySets' bulk methods write inside `track_changes()`, and code that bypasses them
calls `log_change()`. Appending locks nothing, so writers never wait for each other. `roster/reads/snapshot.py` reads
the log.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

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
_WITH_LOG_CHANGE = f"WITH logged AS ({_LOG_CHANGE['postgresql']}) "
_WRITES = ("INSERT ", "UPDATE ", "DELETE ")
"""How the statements begin that PostgreSQL takes after a WITH, as Django writes them."""
_NO_WRITES = ("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ", "SET ")
# Lines above the snapshot that are not our own are leftovers: transaction ids start again when a dump is restored.
LAST_CHANGE = {
    "postgresql": (
        "SELECT COALESCE((SELECT max(transaction) FROM roster_change"
        " WHERE transaction < GREATEST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        " pg_current_xact_id_if_assigned()::text::bigint + 1)), 0)"
    ),
    "sqlite": 'SELECT COALESCE(MAX("transaction"), 0) FROM roster_change',
}
"""Selects the id of the last visible transaction that changed the roster; 0 where there is none."""


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
    """Delete the rows of the log that are more than `KEPT_TRANSACTIONS` below its last."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_CHANGE[connection.vendor])
        (last,) = cursor.fetchone()
        cursor.execute('DELETE FROM roster_change WHERE "transaction" < %s', [last - KEPT_TRANSACTIONS])
