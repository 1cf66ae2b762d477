"""The time that a request may still wait for the database, for all its statements together.

A database server that is stopped, frozen, locked or unreachable must not block a thread. Only requests are limited:
imports have no limit.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.signals import request_finished, request_started


class _Left(threading.local):
    seconds: float | None = None


_left = _Left()


def remaining() -> float | None:
    """Seconds that the request of this thread may still wait; None outside a request."""
    return _left.seconds


@contextmanager
def spend() -> Iterator[None]:
    """Subtract the time that passes inside this context from the remaining time of the request."""
    began = time.monotonic()
    try:
        yield
    finally:
        if _left.seconds is not None:
            _left.seconds -= time.monotonic() - began


def start(**kwargs: Any) -> None:
    _left.seconds = settings.DATABASE_TIMEOUT


def limit(seconds: float) -> None:
    """Reduce the remaining time of this thread's request to at most `seconds`."""
    if _left.seconds is not None:
        _left.seconds = min(_left.seconds, seconds)


def end(**kwargs: Any) -> None:
    _left.seconds = None


def limit_requests() -> None:
    """Set the time limit at the start of each request in this process."""
    request_started.connect(start, dispatch_uid="roster.database.begin")
    request_finished.connect(end, dispatch_uid="roster.database.end")
