"""`/healthz` and `/readyz`: is the process alive, and can it serve requests? For load balancers and service managers.

They are answered before host name, HTTPS and session are checked, because probes send none of them.
"""

import time
from collections.abc import Callable

import orjson
from django.db import Error
from django.http import HttpRequest, HttpResponse

from roster.database import health, time_budget

READY_SECONDS = 1
"""Seconds for which a process that was ready is assumed to be still ready."""

DATABASE_SECONDS = 3
"""Seconds for which `/readyz` waits for the database."""


class HealthChecks:
    """Middleware for `/healthz`, which needs no database, and `/readyz`, which requires it migrated and writable."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.is_migrated = False
        self.ready_until = 0.0
        self.warnings: list[str] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path = request.path_info.rstrip("/")
        if path == "/healthz":
            return health_response(200, "alive")
        if path == "/readyz":
            return self.ready()
        return self.get_response(request)

    def ready(self) -> HttpResponse:
        if time.monotonic() < self.ready_until:
            return health_response(200, "ready", self.warnings)
        time_budget.limit(DATABASE_SECONDS)
        warnings: list[str] = []
        try:
            reason = self.not_ready()
            warnings = [] if reason else [sentence for warn in health.warnings for sentence in warn()]
        except Error:
            reason = "the database does not answer"
        if reason:
            return health_response(503, reason)
        self.ready_until = time.monotonic() + READY_SECONDS
        self.warnings = warnings
        return health_response(200, "ready", warnings)

    def not_ready(self) -> str:
        """Why the database cannot be used; "" if it can."""
        if health.is_read_only():
            return "the database accepts no writes"
        # Checked until true: the migrations of a running process do not change.
        if not self.is_migrated:
            if health.pending_migrations():
                return "migrations are missing: run manage.py migrate"
            if health.mismatches():
                return "the tables do not match the program: run manage.py check"
            self.is_migrated = True
        try:
            health.try_to_write()
        except Error:
            return "the database accepts no writes"
        return ""


def health_response(status: int, state: str, warnings: list[str] | None = None) -> HttpResponse:
    body = orjson.dumps({"status": state, **({"warnings": warnings} if warnings else {})})
    return HttpResponse(body, status=status, content_type="application/json", headers={"Cache-Control": "no-store"})
