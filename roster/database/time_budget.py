"""How long a request may still wait for the database, all its statements together.

A server that is stopped, frozen, locked or out of reach must not hold a thread. Only requests are limited: an import
runs for as long as it takes.
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
    """Seconds that the request of this thread may still wait; None outside of a request."""
    return _left.seconds


@contextmanager
def spend() -> Iterator[None]:
    """Take what passes inside from the seconds of the request."""
    began = time.monotonic()
    try:
        yield
    finally:
        if _left.seconds is not None:
            _left.seconds -= time.monotonic() - began


def start(**kwargs: Any) -> None:
    _left.seconds = settings.DATABASE_TIMEOUT


def limit(seconds: float) -> None:
    """Let the request of this thread wait for so long at most."""
    if _left.seconds is not None:
        _left.seconds = min(_left.seconds, seconds)


def end(**kwargs: Any) -> None:
    _left.seconds = None


def limit_requests() -> None:
    """Count for each request of this process."""
    request_started.connect(start, dispatch_uid="roster.database.begin")
    request_finished.connect(end, dispatch_uid="roster.database.end")
