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
        if request.path_info == "/healthz":
            return answer(200, "alive")
        if request.path_info == "/readyz":
            return self.ready()
        return self.get_response(request)

    def ready(self) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            if not self.is_migrated:
                executor = MigrationExecutor(connection)
                self.is_migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        except Error:
            return answer(503, "the database does not answer")
        return (
            answer(200, "ready") if self.is_migrated else answer(503, "migrations are missing: run manage.py migrate")
        )


def answer(status: int, word: str) -> HttpResponse:
    body = orjson.dumps({"status": word})
    return HttpResponse(body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
