"""Chance that gives the same on every machine and Python."""

import random
from collections.abc import MutableSequence, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class SeededRandom:
    """Random choices from a seed. Only `random()` is asked, the one method whose sequence Python promises to keep."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random  # noqa: S311  (a story, not a secret)

    def randrange(self, number: int) -> int:
        """A whole number from 0, smaller than `number`."""
        return int(self.random() * number)

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in this share of all cases, 0 to 1."""
        return self.random() < share

    def choice(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        for last in range(len(items) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            items[last], items[other] = items[other], items[last]


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Share out `total` by whole weights; the parts are whole and add up to it. Without any weight all are 0."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    marks = [total * weight // whole for weight in accumulate(weights)]
    return [mark - before for mark, before in zip(marks, [0, *marks], strict=False)]
