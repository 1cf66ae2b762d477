"""What this process knows of hosts elsewhere: which of them is being asked now, and which failed lately."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FAILURE_TTL = 10.0
"""Seconds that a failure is kept, in which nothing is asked again."""


class HostFailed(Exception):
    """Another host does not answer as it should, in words for whoever needed its answer."""

    def __init__(self, words: str, *, timed_out: bool = False) -> None:
        super().__init__(words)
        self.timed_out = timed_out


class HostLocks:
    """At most one request at a time for each name."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._taken: set[str] = set()

    def take(self, name: str, *, patience: float) -> bool:
        """Take the turn of a name, after waiting for at most `patience` seconds. False: somebody else has it."""
        with self._changed:
            if not self._changed.wait_for(lambda: name not in self._taken, timeout=max(patience, 0.0)):
                return False
            self._taken.add(name)
            return True

    def give_back(self, name: str) -> None:
        with self._changed:
            self._taken.discard(name)
            self._changed.notify_all()

    @contextmanager
    def turn(self, name: str, *, patience: float) -> Iterator[bool]:
        """The turn of a name for the length of a block; False as `take` says."""
        taken = self.take(name, patience=patience)
        try:
            yield taken
        finally:
            if taken:
                self.give_back(name)


class FailureCache:
    """Failures of a few seconds ago, by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[float, HostFailed]] = {}

    def note(self, name: str, error: HostFailed) -> None:
        now = time.monotonic()
        with self._lock:
            self._failed = {other: failed for other, failed in self._failed.items() if failed[0] > now}
            self._failed[name] = (now + FAILURE_TTL, error)

    def raise_if_failed(self, name: str) -> None:
        """HostFailed, again, for a name that failed a few seconds ago."""
        with self._lock:
            until, error = self._failed.get(name, (0.0, None))
        if error is not None and until > time.monotonic():
            raise HostFailed(str(error), timed_out=error.timed_out)

    def forget(self) -> None:
        with self._lock:
            self._failed.clear()
