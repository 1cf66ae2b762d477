"""Change tracking: every transaction that changes the roster adds a row to a log.

Changes of memberships, positions, organizations, people and limits of keys are logged in the same transaction: save()
and delete() of the models and the bulk methods of the QuerySets write inside `track_changes()`, and code that bypasses
them calls `log_change()`. Adding a row takes no lock that others need, so writers do not wait for each other.
`roster/reads/snapshot.py` reads the log.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

KEPT_TRANSACTIONS = 10_000
"""How many transaction ids back rows of the log are kept. Only the last row is ever read."""

TRIM_ONCE_IN = 1000
"""The log is trimmed once in so many changes, on average."""

_LOG_CHANGE = {
    "postgresql": (
        "INSERT INTO roster_change (transaction) VALUES (pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING"
    ),
    "sqlite": 'INSERT INTO roster_change ("transaction") SELECT COALESCE(MAX("transaction"), 0) + 1 FROM roster_change',
}
_WITH_LOG_CHANGE = f"WITH logged AS ({_LOG_CHANGE['postgresql']}) "
_WRITES = ("INSERT ", "UPDATE ", "DELETE ")
"""Beginnings of the statements that PostgreSQL accepts after a WITH, as Django writes them."""
_NO_WRITES = ("SELECT ", "SAVEPOINT ", "RELEASE ", "ROLLBACK ", "SET ")
# Rows above the snapshot that are not of this transaction are ignored: transaction ids restart after a restored dump.
LAST_CHANGE = {
    "postgresql": (
        "SELECT COALESCE((SELECT max(transaction) FROM roster_change"
        " WHERE transaction < GREATEST(pg_snapshot_xmax(pg_current_snapshot())::text::bigint,"
        " pg_current_xact_id_if_assigned()::text::bigint + 1)), 0)"
    ),
    "sqlite": 'SELECT COALESCE(MAX("transaction"), 0) FROM roster_change',
}
"""Selects the id of the last visible transaction that changed the roster; 0 if there is none."""


@contextmanager
def track_changes() -> Iterator[None]:
    """Log the changes that are made inside this context, in the transaction that makes them.

    On PostgreSQL the log entry is added to each writing statement, so that a single statement needs no transaction.
    SQLite cannot do that, so there this context is one transaction.
    """
    if connection.vendor != "postgresql":
        with transaction.atomic(savepoint=False):
            yield
            log_change()
    elif _with_log_entry in connection.execute_wrappers:
        yield  # nested: the outer context logs the change
    else:
        with connection.execute_wrapper(_with_log_entry):
            yield
        _trim_sometimes()


def log_change() -> None:
    """Log that the current transaction changes the roster."""
    with connection.cursor() as cursor:
        cursor.execute(_LOG_CHANGE[connection.vendor])
    _trim_sometimes()


def _with_log_entry(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Execute a statement, with a log entry if it may write. For Django's `execute_wrapper`."""
    if isinstance(sql, str) and sql.startswith(_NO_WRITES):
        return execute(sql, params, many, context)
    if isinstance(sql, str) and sql.startswith(_WRITES):
        return execute(_WITH_LOG_CHANGE + sql, params, many, context)
    with transaction.atomic(savepoint=False):  # it has a WITH already, or is not a plain text
        execute(_LOG_CHANGE["postgresql"], [()] if many else None, many, context)
        return execute(sql, params, many, context)


def _trim_sometimes() -> None:
    """Trim the log after some changes, chosen at random, so that it does not depend on how long processes run.

    It is trimmed after the transaction; an error does not undo the change.
    """
    if random.randrange(TRIM_ONCE_IN) == 0:  # noqa: S311 (not used for security)
        transaction.on_commit(trim, robust=True)


def trim() -> None:
    """Delete the rows of the log that are more than `KEPT_TRANSACTIONS` older than the last one."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_CHANGE[connection.vendor])
        (last,) = cursor.fetchone()
        cursor.execute('DELETE FROM roster_change WHERE "transaction" < %s', [last - KEPT_TRANSACTIONS])
