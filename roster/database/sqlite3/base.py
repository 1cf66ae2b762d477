from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base

from roster.database import time_budget


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; in a request, the timeout for locks is that of the request."""
        if time_budget.remaining() is not None:
            conn_params = conn_params | {"timeout": min(conn_params["timeout"], settings.DATABASE_TIMEOUT * 0.9)}
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        """Begin a transaction, waiting for the write lock at most for the remaining time of the request."""
        seconds = time_budget.remaining()
        if seconds is not None:
            longest = min(max(seconds, 0), settings.DATABASE_TIMEOUT) * 0.9
            self.connection.execute(f"PRAGMA busy_timeout = {int(longest * 1000)}")
        super()._start_transaction_under_autocommit()  # type: ignore[misc]
