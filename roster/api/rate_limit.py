"""An exact rate limit for each key, and for each address without a key, counted in the database for all workers.

A minute begins with the first request after the previous minute has ended. One statement increments and returns the
count, so that even of concurrent requests exactly as many as the limit are answered. The first request of each minute
also stores the use of the key in a table that survives a crash of the database.

On SQLite the counters of `roster/window_counters.py` are used, which are in a separate file and contain the last use.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from rest_framework.exceptions import Throttled

from roster import days, window_counters
from roster.api import client_address
from roster.api.caller import Usage, caller_of
from roster.models import ApiKey, KeyUse, LastUse

WINDOW = 60_000
"""Length of the counted window in milliseconds: a minute."""

_TABLE = KeyUse._meta.db_table
# A window that starts in the future was begun before the clock was set back: it is over too.
COUNT_REQUEST = f"""
INSERT INTO {_TABLE} AS use (api_key_id, window_started_at, requests, last_used_at)
SELECT id, %(now)s, 1, %(on)s FROM {ApiKey._meta.db_table} WHERE id = %(key)s
ON CONFLICT (api_key_id) DO UPDATE SET
    requests = CASE WHEN use.window_started_at > %(ended)s AND use.window_started_at < %(future)s
                    THEN use.requests + 1 ELSE 1 END,
    window_started_at = CASE WHEN use.window_started_at > %(ended)s AND use.window_started_at < %(future)s
                             THEN use.window_started_at ELSE excluded.window_started_at END,
    last_used_at = excluded.last_used_at
RETURNING requests, window_started_at, api_key_id
"""  # noqa: S608 (the only names put in are our own tables')
"""Counts a request of the key `key` at the instant `on` (PostgreSQL)."""

STORE_LAST_USE = f"""
INSERT INTO {LastUse._meta.db_table} (api_key_id, last_used_at)
SELECT api_key_id, %(on)s FROM counted WHERE requests = 1
ON CONFLICT (api_key_id) DO UPDATE SET last_used_at = excluded.last_used_at
"""  # noqa: S608 (the only names put in are our own tables')
"""Stores the use of the key that `counted` has counted, if this is the first request of a minute."""

_COUNT_AND_STORE = f"""
WITH counted AS ({COUNT_REQUEST}), noted AS ({STORE_LAST_USE}) SELECT requests, window_started_at FROM counted
"""  # noqa: S608 (as above)


class RateLimitExceeded(Throttled):
    """429: the key or the address has reached its rate limit."""

    def __init__(self, usage: Usage, who: str = "This key") -> None:
        super().__init__(
            detail=f"{who} may make {usage.limit} requests per minute. Try again after the current minute."
        )
        self.wait = usage.resets_in


def count_request(key: ApiKey, *, on: dt.datetime) -> Usage:
    """Count one request of a key at the instant `on`. Returns its use of the current minute."""
    if connection.vendor == "sqlite":
        used, started_at = window_counters.count(f"{window_counters.API_KEY_SUBJECT}{key.prefix}", window=WINDOW, on=on)
    else:
        with connection.cursor() as cursor:
            cursor.execute(_COUNT_AND_STORE, {"key": key.pk, **count_parameters(on)})
            used, started_at = cursor.fetchone()
    return usage(key.rate, used, started_at, on=on)


def count_anonymous_request(address: str, *, on: dt.datetime) -> Usage:
    """Count one request without a credential from an address at the instant `on`. Returns its use of the minute."""
    used, started_at = window_counters.count(
        f"request from {client_address.rate_limit_subject(address)}", window=WINDOW, on=on
    )
    return usage(settings.ANONYMOUS_RATE, used, started_at, on=on)


def count_parameters(on: dt.datetime) -> dict[str, Any]:
    """The values of `COUNT_REQUEST` at the instant `on`, except the key."""
    now = days.milliseconds(on)
    return {"now": now, "on": on, "ended": now - WINDOW, "future": now + WINDOW}


def usage(limit: int, used: int, started_at: int, *, on: dt.datetime) -> Usage:
    """The use of the minute that began at `started_at`, in epoch milliseconds."""
    left = started_at + WINDOW - days.milliseconds(on)
    return Usage(limit=limit, used=used, resets_in=max(1, -(-left // 1000)))


def headers(request: HttpRequest) -> dict[str, str]:
    """The rate limit headers of a response, also of an error; none if the request was not counted."""
    used = caller_of(request).usage
    return used.headers if used else {}
