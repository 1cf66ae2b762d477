from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base

from roster.database import time_budget


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a thread that answers requests waits for locks for as long as a request may."""
        if time_budget.remaining() is not None:
            conn_params = conn_params | {"timeout": min(conn_params["timeout"], settings.DATABASE_TIMEOUT * 0.9)}
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        """Begin, waiting for the writer's lock for as long as the request still may."""
        seconds = time_budget.remaining()
        if seconds is not None:
            longest = min(max(seconds, 0), settings.DATABASE_TIMEOUT) * 0.9
            self.connection.execute(f"PRAGMA busy_timeout = {int(longest * 1000)}")
        super()._start_transaction_under_autocommit()  # type: ignore[misc]
