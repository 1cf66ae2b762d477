"""One statement that finds a bearer key, counts the request, and reads the snapshot.

Only on PostgreSQL, and only for keys that may be used from any address. For the others
`roster/api/authentication.py` uses several statements; it checks the rules for all keys.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from roster import days, secrets
from roster.api import rate_limit
from roster.api.caller import Usage
from roster.models import ApiKey
from roster.reads.raw_cursor import fetch_rows
from roster.reads.snapshot import SNAPSHOT, Snapshot

_FIELDS = (
    *("id", "name", "kind", "prefix", "secret_hash", "audience", "may_read_reflections", "is_limited", "rate"),
    *("expires_at", "revoked_at"),
)
_TABLE = ApiKey._meta.db_table
_AUTHENTICATE = f"""
WITH found AS (
    SELECT {", ".join(_FIELDS)} FROM {_TABLE}
    WHERE prefix = %(prefix)s AND secret_hash = ANY(%(hashes)s) AND networks = '[]' AND bound_to IS NULL
), counted AS ({
    rate_limit.COUNT_REQUEST.replace(
        f"FROM {_TABLE} WHERE id = %(key)s",
        "FROM found WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(on)s)",
    )
}), noted AS ({rate_limit.STORE_LAST_USE})
SELECT {", ".join(f"found.{name}" for name in _FIELDS)}, counted.requests, counted.window_started_at, moment.*
FROM found LEFT JOIN counted ON true CROSS JOIN ({SNAPSHOT["postgresql"]}) AS moment
"""  # noqa: S608 (the only names put in are our own tables' and columns')


@dataclass(frozen=True, slots=True)
class AuthenticatedKey:
    """A key whose secret was right, with what was read along with it."""

    key: ApiKey
    usage: Usage | None
    """None for a key that is not in force: its request is not counted."""
    snapshot: Snapshot


def find_and_count_key(prefix: str, secret: str, *, on: dt.datetime) -> AuthenticatedKey | None:
    """Find and count a bearer key at the instant `on`; None if it takes more than one statement."""
    if connection.vendor != "postgresql" or "\x00" in prefix:
        return None
    values = {"prefix": prefix, "hashes": secrets.keyed_hashes(secret), **rate_limit.count_parameters(on)}
    rows = fetch_rows(_AUTHENTICATE, values)
    if not rows:
        return None
    *columns, used, started_at, last, xmin, instance = rows[0]
    key = _key(*columns)
    usage = None if used is None else rate_limit.usage(key.rate, used, started_at, on=on)
    return AuthenticatedKey(key, usage, Snapshot(last, xmin, instance))


@lru_cache(maxsize=1000)
def _key(*columns: Any) -> ApiKey:
    """The ApiKey of a row, cached until the row changes. It is shared by threads and must not be modified."""
    fields = dict(zip(_FIELDS, columns, strict=True))
    for name in ("expires_at", "revoked_at"):
        fields[name] = None if fields[name] is None else days.instant(fields[name])
    return ApiKey(**fields)
