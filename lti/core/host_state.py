"""State of requests to other hosts in this process: which hosts are in use now, and which failed lately."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FAILURE_TTL = 10.0
"""Seconds that a failure is cached. During them the host gets no request."""


class HostFailed(Exception):
    """Another host does not answer as it should. The message is for the person who needs its answer."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


class HostLocks:
    """At most one request at a time for each name."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: set[str] = set()

    def acquire(self, name: str, *, patience: float) -> bool:
        """Acquire the lock of a name, waiting up to `patience` seconds. False if another thread still has it."""
        with self._changed:
            if not self._changed.wait_for(lambda: name not in self._taken, timeout=max(patience, 0.0)):
                return False
            self._taken.add(name)
            return True

    def release(self, name: str) -> None:
        with self._changed:
            self._taken.discard(name)
            self._changed.notify_all()

    @contextmanager
    def held(self, name: str, *, patience: float) -> Iterator[bool]:
        """Hold the lock of a name during a block, which gets False if `acquire` failed."""
        acquired = self.acquire(name, patience=patience)
        try:
            yield acquired
        finally:
            if acquired:
                self.release(name)


class FailureCache:
    """Failures of the last few seconds, by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[float, HostFailed]] = {}

    def add(self, name: str, error: HostFailed) -> None:
        now = time.monotonic()
        with self._lock:
            self._failed = {other: failed for other, failed in self._failed.items() if failed[0] > now}
            self._failed[name] = (now + FAILURE_TTL, error)

    def raise_if_failed(self, name: str) -> None:
        """Raise the cached HostFailed of a name again."""
        with self._lock:
            until, error = self._failed.get(name, (0.0, None))
        if error is not None and until > time.monotonic():
            raise HostFailed(str(error), timed_out=error.timed_out)

    def clear(self) -> None:
        with self._lock:
            self._failed.clear()
