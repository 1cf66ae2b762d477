"""A request adds to the cache entry that it had at its start, and to no other (`roster/reads/list_cache.py`)."""

from array import array

import pytest

from roster.reads import list_cache
from roster.reads.list_cache import ListCache
from roster.reads.snapshot import Snapshot

BEFORE, AFTER = Snapshot(last_change=5, xmin=6, instance_id=1), Snapshot(last_change=7, xmin=8, instance_id=1)
KEYSET = ("chess", 1, 2)


def of(at: Snapshot) -> ListCache:
    """What a request of that snapshot has of the one list of these tests."""
    return ListCache("list", None, at)


def known_of(request: ListCache) -> tuple[int, "array[int] | None", object]:
    """What another request of the same snapshot finds, where a total of 0 and no key are those it finds by itself."""
    return (
        request.total(lambda: 0),
        request.keys(lambda: array("q")),
        request.nearest_checkpoint(list_cache.MIN_CHECKPOINT + 1, None),
    )


def learn(request: ListCache) -> None:
    request.total(lambda: 4711)
    request.keys(lambda: array("q", [4711]))
    request.add_checkpoint(list_cache.MIN_CHECKPOINT, KEYSET)


NOTHING = (0, array("q"), (0, None))


def test_what_one_request_finds_out_another_uses_while_nothing_changed() -> None:
    learn(of(BEFORE))
    assert known_of(of(BEFORE)) == (4711, array("q", [4711]), (list_cache.MIN_CHECKPOINT, KEYSET))


def test_after_a_change_nothing_is_known() -> None:
    learn(of(BEFORE))
    assert known_of(of(AFTER)) == NOTHING


def test_who_began_before_a_change_adds_nothing_to_the_entry_that_came_after_it() -> None:
    slow = of(BEFORE)
    of(AFTER)
    learn(slow)
    assert known_of(of(AFTER)) == NOTHING


def test_an_entry_that_another_replaced_does_not_come_back() -> None:
    learn(of(AFTER))
    learn(of(BEFORE))  # a thread that was held up
    assert known_of(of(AFTER)) == NOTHING


@pytest.mark.parametrize(
    "at",
    [
        BEFORE._replace(xmin=5),  # a transaction is under way that may be noted below the last change
        BEFORE._replace(instance_id=None),  # the database takes no id
    ],
)
def test_nothing_is_cached_for_an_uncacheable_snapshot(at: Snapshot) -> None:
    learn(of(at))
    assert known_of(of(at)) == NOTHING


@pytest.mark.parametrize("now", [BEFORE._replace(instance_id=2), BEFORE._replace(last_change=4)])
def test_another_instance_or_an_earlier_change_is_a_change(now: Snapshot) -> None:
    learn(of(BEFORE))
    assert known_of(of(now)) == NOTHING
