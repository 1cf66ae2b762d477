"""The number of requests of a process that count large lists at once: at most half of its threads.

The other threads go on answering requests that need no such count. Where there is room, a request for a list that is
being counted waits for that count, and a request for another list counts too. All others are refused at once with a
time to ask again (docs/decisions/0041).
"""

from collections.abc import Callable, Hashable
from threading import Event, Lock
from typing import TypeVar

from django.apps import apps
from django.conf import settings

LARGE_TABLE_ID = 100_000
"""The largest id of a table from which on counting its rows is work."""

WAIT_SECONDS = 2.0
"""Seconds for which a request waits for the count of another one."""

Found = TypeVar("Found")


class TooManyCounts(Exception):
    """As many requests as may do so are counting large lists already."""


_lock = Lock()
_running: dict[Hashable, Event] = {}
_waiting = 0
"""Requests that wait for the count of another one: each holds a thread, as one that counts does."""


def coalesce(key: Hashable, known: Callable[[], Found | None], find: Callable[[], Found]) -> Found:
    """Count with `find`, or use what another request has counted meanwhile (`known`).

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
    asked = [model for table, model in tables.items() if f'"{table}"' in sql]
    return any(
        isinstance(last, int) and last >= LARGE_TABLE_ID
        for model in asked
        for last in model._base_manager.order_by("-pk").values_list("pk", flat=True)[:1]
    )
