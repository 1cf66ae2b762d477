"""How gunicorn's worker takes connections (`config/worker.py`)."""

from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.workers.gthread import ThreadWorker

from config import worker


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a worker does about a new connection, in order."""
    found: list[str] = []
    monkeypatch.setattr("config.worker.time.sleep", lambda seconds: found.append(f"yields {seconds}"))
    monkeypatch.setattr(ThreadWorker, "accept", lambda self, listener: found.append(f"accepts from {listener}"))
    return found


def a_worker(*, connections: int, kept_alive: int = 0, pending: int = 0) -> Any:
    made: Any = worker.Worker.__new__(worker.Worker)
    made.cfg = SimpleNamespace(threads=2)
    made.nr_conns = connections
    made.keepalived_conns, made.pending_conns = deque(range(kept_alive)), deque(range(pending))
    return made


@pytest.mark.parametrize("connections", [0, 1])
def test_a_worker_with_a_free_thread_takes_a_connection_at_once(done: list[str], connections: int) -> None:
    a_worker(connections=connections).accept("here")
    assert done == ["accepts from here"]


@pytest.mark.parametrize("connections", [2, 3])
def test_a_busy_worker_leaves_a_connection_to_the_others_for_a_moment(done: list[str], connections: int) -> None:
    a_worker(connections=connections).accept("here")
    assert done == ["yields 0.001", "accepts from here"]


def test_connections_on_which_nothing_is_asked_keep_nobody_busy(done: list[str]) -> None:
    a_worker(connections=9, kept_alive=5, pending=3).accept("here")
    assert done == ["accepts from here"]
