"""Is the process alive, and can it answer? For load balancers and service managers.

Answered before the host name, HTTPS or a session is looked at, because a probe brings none of them.
"""

from collections.abc import Callable

import orjson
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class HealthChecks:
    """Middleware for `/healthz`, which asks no database, and `/readyz`, which needs it reached and migrated."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info.rstrip("/")
        if path == "/healthz":
            return answer(200, "alive")
        if path == "/readyz":
            return self.ready()
        return self.get_response(request)

    def ready(self) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            # Asked until it is so: a process never sees its own migrations become fewer.
            self.is_migrated = self.is_migrated or not pending_migrations()
        except Error:
            return answer(503, "the database does not answer")
        if not self.is_migrated:
            return answer(503, "migrations are missing: run manage.py migrate")
        return answer(200, "ready")


def pending_migrations() -> bool:
    """Has the code a migration that the database has not? Reads the one table in which Django notes them."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def answer(status: int, word: str) -> HttpResponse:
    body = orjson.dumps({"status": word})
    return HttpResponse(body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
