"""At most half of the threads of a process count large lists (docs/decisions/0041)."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest

from roster.reads import compiled_list, count_limit, list_cache
from roster.reads.count_limit import TooManyCounts
from roster.reads.lru_cache import LRUCache
from tests.client import ask
from tests.sample_data import SampleData
from tests.schema.document import operations

pytestmark = pytest.mark.both_databases
MINUTE = 60


@contextmanager
def counting_elsewhere(key: str, found: list[int]) -> Iterator[Callable[[], None]]:
    """Another thread counts the list of this key until it has to end, and then puts the number into `found`."""
    begun, may_end = Event(), Event()

    def count() -> int:
        begun.set()
        assert may_end.wait(MINUTE)
        found.append(7)
        return 7

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(count_limit.coalesce, key, lambda: None, count)
        assert begun.wait(MINUTE)
        try:
            yield may_end.set
        finally:
            may_end.set()
            assert other.result(MINUTE) == 7


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table counts as large."""
    monkeypatch.setattr(count_limit, "LARGE_TABLE_ID", 1)
    monkeypatch.setattr(compiled_list, "_list_queries", LRUCache(10))


def test_who_would_count_another_list_is_refused_at_once() -> None:
    with counting_elsewhere("one", []), pytest.raises(TooManyCounts):
        count_limit.coalesce("another", lambda: None, lambda: 1)
    assert count_limit.coalesce("another", lambda: None, lambda: 1) == 1


def test_half_of_four_threads_count_at_once(settings: Any) -> None:
    settings.COUNTS_AT_ONCE = 2
    with counting_elsewhere("one", []):
        assert count_limit.coalesce("another", lambda: None, lambda: 1) == 1
        with counting_elsewhere("another", []), pytest.raises(TooManyCounts):
            count_limit.coalesce("a third", lambda: None, lambda: 1)


def test_a_request_that_waits_for_a_count_holds_a_thread_too(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []
    with counting_elsewhere("one", []), pytest.raises(TooManyCounts):
        count_limit.coalesce("one", lambda: 7, lambda: pytest.fail("counted"))

    settings.COUNTS_AT_ONCE = 2
    waits = Event()

    class Observed(Event):
        """An event that reports when a thread waits for it."""

        def wait(self, timeout: float | None = None) -> bool:
            waits.set()
            return super().wait(timeout)

    monkeypatch.setattr(count_limit, "Event", Observed)
    with ThreadPoolExecutor(1) as pool, counting_elsewhere("one", found) as end:
        waiting = pool.submit(count_limit.coalesce, "one", lambda: found[0] if found else None, lambda: 0)
        assert waits.wait(MINUTE)
        for key in ("one", "another"):
            with pytest.raises(TooManyCounts):
                count_limit.coalesce(key, lambda: 7, lambda: pytest.fail("counted"))
        end()
        assert waiting.result(MINUTE) == 7
    assert count_limit.coalesce("another", lambda: None, lambda: 1) == 1


def test_who_wants_the_same_list_takes_what_the_other_found(settings: Any) -> None:
    settings.COUNTS_AT_ONCE = 2
    found: list[int] = []
    with ThreadPoolExecutor(1) as pool, counting_elsewhere("one", found) as end:
        waiting = pool.submit(
            count_limit.coalesce, "one", lambda: found[0] if found else None, lambda: pytest.fail("counted")
        )
        end()
        assert waiting.result(MINUTE) == 7


def test_who_waited_in_vain_is_refused(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.COUNTS_AT_ONCE = 2
    monkeypatch.setattr(count_limit, "WAIT_SECONDS", 0)
    with counting_elsewhere("one", []), pytest.raises(TooManyCounts):
        count_limit.coalesce("one", lambda: None, lambda: 1)


def test_a_count_that_fails_gives_its_turn_back() -> None:
    def fail() -> int:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        count_limit.coalesce("one", lambda: None, fail)
    assert count_limit.coalesce("another", lambda: None, lambda: 1) == 1


@pytest.mark.usefixtures("large")
def test_a_list_is_refused_as_described_and_answered_shortly_afterwards(sample: SampleData, log: io.StringIO) -> None:
    [operation] = [each for each in operations() if each.path == "/api/memberships"]
    asked = {"pageSize": 1}
    with counting_elsewhere("one", []):
        refused = ask(sample.public_key, "/api/memberships", **asked)
    answered = ask(sample.public_key, "/api/memberships", **asked)

    assert (refused.status, refused.headers["Retry-After"]) == (503, "1")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert operation.faults(503, refused.headers, refused.body) == []
    assert "ERROR" not in log.getvalue()  # nothing failed
    assert (answered.status, len(answered.ids)) == (200, 1)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("few", ["userId", "organizationId", "username", "nothing"])
def test_what_takes_no_long_count_is_answered_meanwhile(sample: SampleData, few: str) -> None:
    values = {"userId": sample.amara.pk, "organizationId": sample.student_government.pk, "username": "amara.okafor"}
    asked = {few: values[few], "pageSize": 1} if few in values else {"pageSize": 500}
    alone = ask(sample.staff_key, "/api/memberships", **asked)
    list_cache.clear()
    with counting_elsewhere("one", []):
        meanwhile = ask(sample.staff_key, "/api/memberships", **asked)

    assert (meanwhile.status, meanwhile.body) == (200, alone.body)


def test_small_tables_are_counted_without_a_turn(sample: SampleData) -> None:
    with counting_elsewhere("one", []):
        assert ask(sample.staff_key, "/api/memberships", pageSize=1).status == 200
