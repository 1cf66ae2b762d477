"""How gunicorn's worker shares new connections with the other workers (`config/worker.py`)."""

from types import SimpleNamespace
from typing import Any

import pytest

from config import worker


class Listener:
    """A listening socket on which nobody is left by the time it is asked."""

    asked = 0

    def accept(self) -> Any:
        self.asked += 1
        raise BlockingIOError(11, "Resource temporarily unavailable")


def a_worker(*, running: int, new: int = 0) -> Any:
    made: Any = worker.Worker.__new__(worker.Worker)
    made.cfg = SimpleNamespace(threads=2)
    made.sockets, made._accepting = [], True
    made.running, made.new, made.nr_conns, made.worker_connections = running, new, running + new, 1000
    made.has_yielded, made.accepts_at = False, 0.0
    return made


@pytest.mark.parametrize("running, new", [(0, 0), (1, 0), (0, 1)])
def test_a_worker_with_a_free_thread_takes_a_connection_at_once(running: int, new: int) -> None:
    listener, made = Listener(), a_worker(running=running, new=new)
    made.accept(listener)
    assert (listener.asked, made._accepting) == (1, True)


@pytest.mark.parametrize("running, new", [(2, 0), (1, 1), (0, 2), (3, 5)])
def test_a_busy_worker_briefly_leaves_new_connections_to_the_others(running: int, new: int) -> None:
    listener, made = Listener(), a_worker(running=running, new=new)
    made.accept(listener)
    assert (listener.asked, made._accepting) == (0, False)
    assert 0.0 <= made.pause_left() <= worker.ACCEPT_DELAY


def test_it_takes_the_connection_where_nobody_else_did() -> None:
    listener, made = Listener(), a_worker(running=2)
    made.accept(listener)
    made.accept(listener)
    assert listener.asked == 1


def test_a_worker_without_free_files_pauses_instead_of_ending() -> None:
    made = a_worker(running=0)
    made.waiting = set()
    full = SimpleNamespace(accept=lambda: (_ for _ in ()).throw(OSError(24, "Too many open files")))
    made.accept(full)
    assert not made._accepting
