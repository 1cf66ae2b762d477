"""Exact counts by subject within a time window, shared by all threads, workers and hosts.

One statement increments and returns the count, so that concurrent requests get different numbers.

PostgreSQL stores the counts in an unlogged table. SQLite allows one writer for each file, so there the counts are in a
separate file beside the roster, with a separate connection in each thread: a long write to the roster does not delay
counts. That file needs no backup, and is created again if it is missing.
"""

import datetime as dt
import random
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import DateTimeField, Func, Value
from django.db.models.functions import Concat
from django.db.utils import ConnectionHandler

from roster import days

MAX_WINDOW = 15 * 60_000
"""The longest window in milliseconds. A row that was not counted for this time is removed."""

REMOVED_ONCE_IN = 200
"""Old rows are removed once in so many new windows, on average."""

API_KEY_SUBJECT = "key "
"""Prefix of the subjects whose rows are kept, because they also store when a key was last used (SQLite)."""

TABLE = "roster_ratecount"

# A window that starts far in the future was begun before the clock was set back: it is over too.
_IS_RUNNING = "counted.started_at > %(ended)s AND counted.started_at < %(future)s"
_COUNT = f"""
INSERT INTO {TABLE} AS counted (subject, started_at, used, last_at) VALUES (%(subject)s, %(now)s, 1, %(now)s)
ON CONFLICT (subject) DO UPDATE SET
    used = CASE WHEN {_IS_RUNNING} THEN counted.used + 1 ELSE 1 END,
    started_at = CASE WHEN {_IS_RUNNING} THEN counted.started_at ELSE excluded.started_at END,
    last_at = excluded.last_at
RETURNING used, started_at
"""  # noqa: S608 (the only name put in is our own table's)
_USED = f"SELECT used, started_at FROM {TABLE} AS counted WHERE subject = %(subject)s AND {_IS_RUNNING}"  # noqa: S608
_DECREMENT = (
    f"UPDATE {TABLE} SET used = used - 1 WHERE subject = %(subject)s AND started_at = %(started_at)s AND used > 0"  # noqa: S608
)
_RESET = f"DELETE FROM {TABLE} WHERE subject = %(subject)s"  # noqa: S608
_OLD = f"last_at < %(before)s AND subject NOT LIKE '{API_KEY_SUBJECT}%%'"
# Rows that other transactions have locked are skipped: the removal never waits, so it cannot cause a deadlock.
_REMOVE = {
    "postgresql": (
        f"DELETE FROM {TABLE} WHERE subject IN (SELECT subject FROM {TABLE} WHERE {_OLD} FOR UPDATE SKIP LOCKED)"  # noqa: S608
    ),
    "sqlite": f"DELETE FROM {TABLE} WHERE {_OLD}",  # noqa: S608
}
_CREATE_TABLE = f"""
CREATE TABLE IF NOT EXISTS {TABLE}
(subject TEXT PRIMARY KEY, started_at INTEGER NOT NULL, used INTEGER NOT NULL, last_at INTEGER NOT NULL) WITHOUT ROWID
"""


class WindowCount(NamedTuple):
    """The count of a subject in its window."""

    used: int
    started_at: int
    """The start of the window, in epoch milliseconds."""


def count(subject: str, *, window: int, on: dt.datetime) -> WindowCount:
    """Increment the count of a subject at the instant `on`. The first starts a window of `window` milliseconds."""
    now = days.milliseconds(on)
    values = {"subject": subject, "now": now, "ended": now - window, "future": now + window}
    counted = WindowCount(*_run(_COUNT, values)[0])
    if counted.used == 1 and random.randrange(REMOVED_ONCE_IN) == 0:  # noqa: S311 (not used for security)
        remove_old(on=on)
    return counted


def peek(subject: str, *, window: int, on: dt.datetime) -> WindowCount:
    """The count of a subject at the instant `on`, without incrementing it."""
    now = days.milliseconds(on)
    rows = _run(_USED, {"subject": subject, "ended": now - window, "future": now + window})
    return WindowCount(*rows[0]) if rows else WindowCount(0, now)


def decrement(subject: str, counted: WindowCount) -> None:
    """Undo one count of a subject, if its window is still the same."""
    _run(_DECREMENT, {"subject": subject, "started_at": counted.started_at})


def reset(subject: str) -> None:
    """Delete the count of a subject."""
    _run(_RESET, {"subject": subject})


def remove_old(*, on: dt.datetime) -> None:
    """Remove the counts whose windows are certainly over at the instant `on`."""
    _run(_REMOVE[connection.vendor], {"before": days.milliseconds(on) - MAX_WINDOW})


def last_use_of(prefix: Any) -> Func | None:
    """When the key of this prefix was last used, as an expression; None on PostgreSQL, where tables store it."""
    if connection.vendor != "sqlite":
        return None
    rows = _run(f"SELECT subject, last_at FROM {TABLE} WHERE subject LIKE '{API_KEY_SUBJECT}%%'", {})  # noqa: S608
    written = {
        subject.removeprefix(API_KEY_SUBJECT): str(connection.ops.adapt_datetimefield_value(days.instant(last_at)))
        for subject, last_at in rows
    }
    path = Concat(Value("$."), prefix)
    return Func(Value(orjson.dumps(written).decode()), path, function="json_extract", output_field=DateTimeField())


def _run(sql: str, values: dict[str, Any]) -> list[Any]:
    with _connection().cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []


def _connection() -> Any:
    """The connection of this thread for counts: that of the roster, or on SQLite one to the file of counts."""
    if connection.vendor != "sqlite":
        return connection
    return _file_of(str(connection.settings_dict["NAME"]))[DEFAULT_DB_ALIAS]


@lru_cache(maxsize=8)
def _file_of(roster: str) -> ConnectionHandler:
    """The connections to the file of counts beside a roster's file. Each creates the table if it is missing."""
    chosen = connection.settings_dict
    options = {**chosen["OPTIONS"], "init_command": f"{chosen['OPTIONS'].get('init_command', '')};{_CREATE_TABLE}"}
    database = {"ENGINE": chosen["ENGINE"], "NAME": path_beside(roster), "OPTIONS": options}
    return ConnectionHandler({DEFAULT_DB_ALIAS: database})


def path_beside(roster: str) -> str:
    """The path of the file of counts for a roster's file; in memory if the roster is in memory.

    >>> path_beside("/srv/roster.sqlite3")
    '/srv/roster.counts.sqlite3'
    """
    path = Path(roster)
    return (
        ":memory:"
        if "memory" in roster and not path.is_absolute()
        else str(path.with_name(f"{path.stem}.counts{path.suffix}"))
    )
