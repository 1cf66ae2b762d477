"""A connection with a time limit for responses of the server, and with session settings that are set after connecting.

The kernel of a frozen server keeps its connections alive, and so does a connection pooler: only a timeout of the client
detects that the server does not respond.
"""

from typing import Any

import psycopg
from django.conf import settings
from django.db.backends.postgresql import base

from roster.database import time_budget

CONNECT_SECONDS = 2
"""Seconds that a request waits for a new connection, for each address of the server: the minimum of the driver."""


class ServerNotResponding(psycopg.OperationalError):
    """The database did not respond within the time limit of a request."""


class Connection(psycopg.Connection[Any]):
    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        left = time_budget.remaining()
        if left is None:
            return super().wait(gen, interval, timeout)
        try:
            with time_budget.spend():
                return super().wait(gen, interval, max(left, 0.0) if timeout is None else min(timeout, max(left, 0.0)))
        except psycopg.errors._WaitTimeout as error:
            self.close()
            raise ServerNotResponding(f"no answer within {settings.DATABASE_TIMEOUT} seconds") from error


class Driver:
    """The module psycopg as Django uses it, but with our class of connections."""

    connect = staticmethod(Connection.connect)

    def __getattr__(self, name: str) -> Any:
        return getattr(psycopg, name)


class DatabaseWrapper(base.DatabaseWrapper):
    Database = Driver()

    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        parameters.pop("session", None)
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        left = time_budget.remaining()
        if left is None:
            return super().get_new_connection(conn_params)
        if left < CONNECT_SECONDS:
            raise ServerNotResponding(f"no answer within {settings.DATABASE_TIMEOUT} seconds")
        with time_budget.spend():
            return super().get_new_connection(conn_params | {"connect_timeout": CONNECT_SECONDS})

    def init_connection_state(self) -> None:
        super().init_connection_state()
        session = self.settings_dict["OPTIONS"].get("session")
        if session is None:
            return  # behind a pooler, other clients would get these settings too
        chosen = dict(session)
        if time_budget.remaining() is not None:
            milliseconds = settings.DATABASE_TIMEOUT * 1000
            chosen |= {"statement_timeout": f"{milliseconds * 9 // 10}", "lock_timeout": f"{milliseconds * 4 // 10}"}
        calls = ", ".join("set_config(%s, %s, false)" for _ in chosen)
        if calls:
            with self.cursor() as cursor:
                cursor.execute(f"SELECT {calls}", [part for pair in chosen.items() for part in pair])
