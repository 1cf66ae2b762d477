"""An exact limit of requests per key, counted in the database, right across workers and hosts.

A minute begins with the first request after the last one ended. One statement counts a request and reads the count,
so that however many arrive at once, exactly as many as the key's rate are answered.
"""

import time
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone
from rest_framework.exceptions import Throttled

from roster.models import ApiKey, KeyUse

WINDOW = 60_000
"""Length of the counted window in milliseconds: a minute."""

_TABLE = KeyUse._meta.db_table
_COUNT = f"""
INSERT INTO {_TABLE} AS use (api_key_id, window_started_at, requests, last_used_at)
VALUES (%s, %s, 1, %s)
ON CONFLICT (api_key_id) DO UPDATE SET
    requests = CASE WHEN use.window_started_at > %s THEN use.requests + 1 ELSE 1 END,
    window_started_at = CASE WHEN use.window_started_at > %s THEN use.window_started_at
                             ELSE excluded.window_started_at END,
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


def count(key: ApiKey) -> Usage:
    """Count one request of a key and say what it has used of its minute."""
    now = time.time_ns() // 1_000_000
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key.pk, now, timezone.now(), now - WINDOW, now - WINDOW])
        used, started_at = cursor.fetchone()
    return Usage(limit=key.rate, used=used, resets_in=max(1, -(-(started_at + WINDOW - now) // 1000)))
