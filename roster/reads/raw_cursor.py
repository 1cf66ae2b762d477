"""A cursor for compiled statements, which returns days and instants in epoch milliseconds, as the API renders them.

On PostgreSQL, statements are prepared by the server, rows have binary form, and the driver computes the milliseconds
without creating date objects. It decodes JSON too. Other databases use Django's own cursor.
"""

import re
import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from threading import local
from typing import Any

import orjson
import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from psycopg.adapt import Loader
from psycopg.pq import Format

from roster import days

PRINTS_MILLISECONDS = frozenset({"postgresql"})
"""Vendors whose rows have milliseconds instead of days and instants."""

READS_JSON = frozenset({"postgresql"})
"""Vendors whose rows have the decoded value of a JSON column, not its text."""

_EPOCH_2000 = 946_684_800_000
"""Midnight of 1 January 2000 UTC in epoch milliseconds: the epoch of PostgreSQL."""

_day = struct.Struct("!i").unpack
_microseconds = struct.Struct("!q").unpack


class DayLoader(Loader):
    """A date as the epoch milliseconds of its midnight."""

    format = Format.BINARY

    def __init__(self, oid: int, context: Any = None) -> None:
        super().__init__(oid, context)
        self.midnights = days.midnights(settings.WIRE_TIME_ZONE)

    def load(self, data: Any) -> int:
        return self.midnights[_day(data)[0]]


class InstantLoader(Loader):
    """A timestamp with time zone, rounded down to milliseconds."""

    format = Format.BINARY

    def load(self, data: Any) -> int:
        microseconds: int = _microseconds(data)[0]
        return microseconds // 1000 + _EPOCH_2000


class JsonLoader(Loader):
    """The value of a jsonb column. Its text follows one byte with the version of the format."""

    format = Format.BINARY

    def load(self, data: Any) -> Any:
        return orjson.loads(memoryview(data)[1:])


class _ThreadCursor(local):
    """The cursor of a thread, which is reused so that its types are registered only once."""

    cursor: "psycopg.RawCursor[Any] | None" = None


_thread_cursor = _ThreadCursor()


def fetch_rows(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    """The rows of a statement, as tuples.

    A connection that was lost since the last request, because the database was restarted, is replaced once.
    """
    database = connections[DEFAULT_DB_ALIAS]  # Django's `connection` would look it up for each attribute
    if database.vendor != "postgresql":
        with database.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[Any] = cursor.fetchall()
            return found
    try:
        return _fetch(database, sql, parameters)
    except OperationalError:
        if database.in_atomic_block or database.is_usable():
            raise
        database.close()
        return _fetch(database, sql, parameters)


def _fetch(database: Any, sql: str, parameters: Any) -> list[Any]:
    database.ensure_connection()
    if database.queries_logged or database.execute_wrappers:
        return _fetch_through_django(database, sql, parameters)
    database.validate_no_broken_transaction()
    text, names = with_numbered_placeholders(sql)
    raw = database.connection
    cursor = _thread_cursor.cursor
    if cursor is None or cursor.connection is not raw:
        cursor = _thread_cursor.cursor = _configure(psycopg.RawCursor(raw))
    with database.wrap_database_errors:
        cursor.execute(text, [parameters[name] for name in names] if names else parameters)
        return cursor.fetchall()


def _fetch_through_django(database: Any, sql: str, parameters: Any) -> list[Any]:
    """The same through Django's cursor, if statements are logged or wrapped."""
    cursor = _configure(psycopg.Cursor(database.connection))
    wrap = database.make_debug_cursor if database.queries_logged else database.make_cursor
    wrap(cursor).execute(sql, parameters)
    found: list[Any] = cursor.fetchall()
    return found


def _configure(cursor: Any) -> Any:
    """Register the loaders above with a cursor."""
    cursor.format = Format.BINARY
    cursor.adapters.register_loader("date", DayLoader)
    cursor.adapters.register_loader("timestamptz", InstantLoader)
    cursor.adapters.register_loader("jsonb", JsonLoader)
    return cursor


_PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|s|%)")


@lru_cache(maxsize=300)
def with_numbered_placeholders(sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement with PostgreSQL's own placeholders, `$1`, for Python's `%s` or `%(name)s`; the names by number.

    >>> with_numbered_placeholders("SELECT %(day)s, %(id)s WHERE %(day)s LIKE '%%'")
    ("SELECT $1, $2 WHERE $1 LIKE '%'", ('day', 'id'))
    """
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        if found[1] is None or found[1] not in names:
            names.append(found[1])
            return f"${len(names)}"
        return f"${names.index(found[1]) + 1}"

    text = _PLACEHOLDER.sub(number, sql)
    return text, tuple(name for name in names if name is not None)
