from typing import Any

from django.conf import settings
from django.db.backends.sqlite3 import base

from roster.database import waiting


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; a thread that answers requests waits for locks for as long as a request may."""
        if waiting.left() is not None:
            conn_params = conn_params | {"timeout": min(conn_params["timeout"], settings.DATABASE_TIMEOUT * 0.9)}
        return super().get_new_connection(conn_params)
