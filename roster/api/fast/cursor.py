"""A cursor for compiled statements whose days and instants arrive as the wire prints them, in epoch milliseconds.

On PostgreSQL statements are prepared by the server, rows travel in binary form, and the driver makes the milliseconds
itself: no date is built only to be taken apart again. Other databases answer through Django's own cursor.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.conf import settings
from django.db import OperationalError, connection
from psycopg.adapt import Loader
from psycopg.pq import Format

from roster import days

PRINTS_MILLISECONDS = frozenset({"postgresql"})
"""Vendors whose rows hold milliseconds in the place of days and instants."""

_EPOCH_2000 = 946_684_800_000
"""Midnight of 1 January 2000 UTC in epoch milliseconds: where PostgreSQL's own count begins."""

_day = struct.Struct("!i").unpack
_microseconds = struct.Struct("!q").unpack


class DayLoader(Loader):
    """A date as its midnight on the wire."""

    format = Format.BINARY

    def __init__(self, oid: int, context: Any = None) -> None:
        super().__init__(oid, context)
        self.midnights = days.midnights(settings.WIRE_TIME_ZONE)

    def load(self, data: Any) -> int:
        return self.midnights[_day(data)[0]]


class InstantLoader(Loader):
    """A timestamp with time zone, floored to milliseconds."""

    format = Format.BINARY

    def load(self, data: Any) -> int:
        microseconds: int = _microseconds(data)[0]
        return microseconds // 1000 + _EPOCH_2000


_cursors: WeakKeyDictionary[Any, "psycopg.Cursor[Any]"] = WeakKeyDictionary()


def fetch(sql: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
    """The rows of a statement, as tuples.

    A connection that broke since the last request, because the database was restarted, is replaced once.
    """
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            found: list[Any] = cursor.fetchall()
            return found
    try:
        return _fetch(sql, parameters)
    except OperationalError:
        if connection.in_atomic_block or connection.is_usable():
            raise
        connection.close()
        return _fetch(sql, parameters)


def _fetch(sql: str, parameters: Any) -> list[Any]:
    connection.ensure_connection()
    cursor: Any = _of(connection.connection)
    wrap = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    wrap(cursor).execute(sql, parameters)
    found: list[Any] = cursor.fetchall()
    return found


def _of(raw: Any) -> "psycopg.Cursor[Any]":
    """The one cursor that a connection keeps for this, so that its types are registered once."""
    cursor = _cursors.get(raw)
    if cursor is None:
        cursor = _cursors[raw] = psycopg.Cursor(raw)
        cursor.format = Format.BINARY
        cursor.adapters.register_loader("date", DayLoader)
        cursor.adapters.register_loader("timestamptz", InstantLoader)
    return cursor
