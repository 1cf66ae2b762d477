"""Outages of the database, which are temporary: requests get a 503, and the log has one line for each."""

import logging
import sqlite3

import psycopg
from django.db import utils

_SQLSTATES = ("08", "25006", "40", "53", "55P03", "55006", "57", "58")
"""Prefixes of the SQLSTATEs of outages: no connection, read-only, rolled back, resources, locked, stopped, disk."""

_SQLITE = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOTADB),
    }
)

_LOST = (psycopg.OperationalError, psycopg.InterfaceError)
"""Errors of the driver itself, without a SQLSTATE: there is no connection."""


def is_outage(error: BaseException | None) -> bool:
    """Is this an outage of the database, and not an error in the statement?"""
    while error is not None:
        code = getattr(error, "sqlite_errorcode", None)
        if code is not None:
            return code & 0xFF in _SQLITE
        if hasattr(error, "sqlstate"):
            state = error.sqlstate
            return state.startswith(_SQLSTATES) if state else isinstance(error, _LOST)
        if isinstance(error, utils.InterfaceError | utils.OperationalError) and error.__cause__ is None:
            return True
        error = error.__cause__
    return False


def message_of(error: BaseException) -> str:
    """The class and the first line of an error."""
    first = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
    return f"{type(error).__name__}: {first}"[:300]


class OneLine(logging.Filter):
    """Logs an outage of the database as one line, without a traceback, which would not show the cause."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_outage(error):
            record.exc_info = None
            record.msg, record.args = "The database failed. %s", (message_of(error),)
        return True
