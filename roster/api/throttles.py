"""An exact limit of requests per key, counted in the database, right across workers and hosts.

A minute begins with the first request after the last one ended. One statement counts a request and reads the count,
so that however many arrive at once, exactly as many as the key's rate are answered.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from roster import days
from roster.models import ApiKey, KeyUse

WINDOW = 60_000
"""Length of the counted window in milliseconds: a minute."""

_TABLE = KeyUse._meta.db_table
# A window that lies in the future was begun by a clock that has been set back since: it is over too.
_COUNT = f"""
INSERT INTO {_TABLE} AS use (api_key_id, window_started_at, requests, last_used_at)
VALUES (%(key)s, %(now)s, 1, %(on)s)
ON CONFLICT (api_key_id) DO UPDATE SET
    requests = CASE WHEN use.window_started_at > %(ended)s AND use.window_started_at < %(future)s
                    THEN use.requests + 1 ELSE 1 END,
    window_started_at = CASE WHEN use.window_started_at > %(ended)s AND use.window_started_at < %(future)s
                             THEN use.window_started_at ELSE excluded.window_started_at END,
    last_used_at = excluded.last_used_at
RETURNING requests, window_started_at
"""  # noqa: S608 (the only name put in is our own table's)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a key has used of its minute."""

    limit: int
    used: int
    resets_in: int
    """Seconds until the minute is over, at least 1."""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(max(self.limit - self.used, 0)),
            "X-RateLimit-Reset": str(self.resets_in),
        }


class RateExceeded(Throttled):
    """429: the key has used up its minute."""

    def __init__(self, usage: Usage) -> None:
        super().__init__(detail=f"This key may make {usage.limit} requests a minute. Ask again when it is over.")
        self.wait = usage.resets_in


def count(key: ApiKey, *, on: dt.datetime) -> Usage:
    """Count one request of a key at the instant `on` and say what it has used of its minute."""
    now = days.milliseconds(on)
    values: dict[str, Any] = {"key": key.pk, "now": now, "on": on, "ended": now - WINDOW, "future": now + WINDOW}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, values)
        used, started_at = cursor.fetchone()
    return Usage(limit=key.rate, used=used, resets_in=max(1, -(-(started_at + WINDOW - now) // 1000)))


def headers(request: HttpRequest) -> dict[str, str]:
    """What an answer tells the key of its minute, errors included; nothing where no key was counted."""
    usage: Usage | None = getattr(request, "usage", None)
    return usage.headers if usage else {}
