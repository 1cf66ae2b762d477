"""Chance gives the same everywhere, and shares add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from memberships.synthetic.seeded_random import SeededRandom, apportion

pytestmark = pytest.mark.both_databases


def test_a_seed_gives_the_same_numbers_on_every_python() -> None:
    rng = SeededRandom(7)

    assert [rng.randrange(1000) for _ in range(5)] == [323, 150, 650, 72, 535]


def test_another_seed_gives_others() -> None:
    assert [SeededRandom(1).randrange(10**9)] != [SeededRandom(2).randrange(10**9)]


def test_between_includes_both_ends() -> None:
    rng = SeededRandom(1)

    assert {rng.randint(3, 5) for _ in range(100)} == {3, 4, 5}


def test_shuffling_keeps_all() -> None:
    items = list(range(100))

    SeededRandom(1).shuffle(items)

    assert sorted(items) == list(range(100))
    assert items != list(range(100))


@given(some.integers(0, 10**6), some.lists(some.integers(0, 1000), min_size=1, max_size=30))
def test_the_parts_add_up_and_follow_the_weights(total: int, weights: list[int]) -> None:
    parts = apportion(total, weights)

    assert len(parts) == len(weights)
    assert sum(parts) == (total if any(weights) else 0)
    assert all(
        abs(part - total * weight / max(sum(weights), 1)) <= 1 for part, weight in zip(parts, weights, strict=True)
    )
