"""Limits the requests of a process that count large lists at the same time to at most half of its threads.

The other threads can still answer requests without such a count. Below the limit, a request for a list that is being
counted waits for that count, and a request for another list counts too. Above the limit, requests are refused at once
with a Retry-After (docs/decisions/0041).
"""

from collections.abc import Callable, Hashable
from threading import Event, Lock
from typing import TypeVar

from django.apps import apps
from django.conf import settings

LARGE_TABLE_ID = 100_000
"""A table whose largest id is at least this is large: counting its rows takes time."""

WAIT_SECONDS = 2.0
"""Seconds that a request waits for the count of another request."""

Found = TypeVar("Found")


class TooManyCounts(Exception):
    """The maximum number of requests are counting large lists already."""


_lock = Lock()
_running: dict[Hashable, Event] = {}
_waiting = 0
"""Number of requests that wait for the count of another request: each occupies a thread too."""


def coalesce(key: Hashable, known: Callable[[], Found | None], find: Callable[[], Found]) -> Found:
    """Count with `find`, or use the result of a concurrent request for the same list (`known`).

    TooManyCounts if as many requests as allowed already count or wait for a count.
    """
    global _waiting  # noqa: PLW0603 (guarded by the lock, like _running)
    with _lock:
        if len(_running) + _waiting >= settings.COUNTS_AT_ONCE:
            raise TooManyCounts
        other = _running.get(key)
        if other is None:
            done = _running[key] = Event()
        else:
            _waiting += 1
    if other is not None:
        other.wait(WAIT_SECONDS)
        with _lock:
            _waiting -= 1
        found = known()
        if found is None:
            raise TooManyCounts
        return found
    try:
        return find()
    finally:
        with _lock:
            del _running[key]
        done.set()


def reads_large_tables(sql: str) -> bool:
    """Does a statement read a table with many rows?"""
    tables = {model._meta.db_table: model for model in apps.get_models()}
    read = [model for table, model in tables.items() if f'"{table}"' in sql]
    return any(
        isinstance(last, int) and last >= LARGE_TABLE_ID
        for model in read
        for last in model._base_manager.order_by("-pk").values_list("pk", flat=True)[:1]
    )
