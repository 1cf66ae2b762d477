"""Exact counts by subject within a window of time, shared by all threads, workers and hosts.

One statement counts and reads the count, so that however many arrive at once, each gets a number of its own.

PostgreSQL keeps the counts in an unlogged table. SQLite has one writer for each file, so there they stand in a file of
their own beside the roster, with a connection of its own for each thread: a long write to the roster delays no count.
That file needs no backup and is made again when it is missing.
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
"""Milliseconds. What was not counted for so long is over, and its row is removed."""

REMOVED_ONCE_IN = 200
"""How many new windows there are, on average, for each time that old rows are removed."""

API_KEY_SUBJECT = "key "
"""How the subjects begin whose rows are kept, because they also show when a key was last used (SQLite)."""

TABLE = "roster_ratecount"

# A window that lies far in the future was begun by a clock that has been set back since: it is over too.
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
# Rows that are being counted are left for the next time: a removal never waits, so that it can be in no deadlock.
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
    """What a subject has used of its window."""

    used: int
    started_at: int
    """The start of the window, epoch milliseconds."""


def count(subject: str, *, window: int, on: dt.datetime) -> WindowCount:
    """Count a subject once at the instant `on`; a window of `window` milliseconds begins with the first time."""
    now = days.milliseconds(on)
    values = {"subject": subject, "now": now, "ended": now - window, "future": now + window}
    counted = WindowCount(*_run(_COUNT, values)[0])
    if counted.used == 1 and random.randrange(REMOVED_ONCE_IN) == 0:  # noqa: S311 (nothing secret hangs on it)
        remove_old(on=on)
    return counted


def peek(subject: str, *, window: int, on: dt.datetime) -> WindowCount:
    """What a subject has used of its window at the instant `on`, without counting."""
    now = days.milliseconds(on)
    rows = _run(_USED, {"subject": subject, "ended": now - window, "future": now + window})
    return WindowCount(*rows[0]) if rows else WindowCount(0, now)


def decrement(subject: str, counted: WindowCount) -> None:
    """Undo one count of a subject, if its window is still the same."""
    _run(_DECREMENT, {"subject": subject, "started_at": counted.started_at})


def reset(subject: str) -> None:
    """Let a subject begin anew."""
    _run(_RESET, {"subject": subject})


def remove_old(*, on: dt.datetime) -> None:
    """Remove what was last counted so long before the instant `on` that every window is over."""
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
    """Where this thread counts: its connection to the roster, on SQLite one to the file of counts."""
    if connection.vendor != "sqlite":
        return connection
    return _file_of(str(connection.settings_dict["NAME"]))[DEFAULT_DB_ALIAS]


@lru_cache(maxsize=8)
def _file_of(roster: str) -> ConnectionHandler:
    """The connections to the file of counts beside a roster's file. Each makes the table where it is missing."""
    chosen = connection.settings_dict
    options = {**chosen["OPTIONS"], "init_command": f"{chosen['OPTIONS'].get('init_command', '')};{_CREATE_TABLE}"}
    database = {"ENGINE": chosen["ENGINE"], "NAME": path_beside(roster), "OPTIONS": options}
    return ConnectionHandler({DEFAULT_DB_ALIAS: database})


def path_beside(roster: str) -> str:
    """The file of counts that belongs to a roster's file; a roster in memory has its counts there too.

    >>> path_beside("/srv/roster.sqlite3")
    '/srv/roster.counts.sqlite3'
    """
    path = Path(roster)
    return (
        ":memory:"
        if "memory" in roster and not path.is_absolute()
        else str(path.with_name(f"{path.stem}.counts{path.suffix}"))
    )
