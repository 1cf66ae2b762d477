"""Random numbers that are the same on every machine and in every version of Python."""

import random
from collections.abc import MutableSequence, Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class SeededRandom:
    """Random choices from a seed. Only `random()` is used: the only method whose sequence Python guarantees."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed).random  # noqa: S311  (not used for security)

    def randrange(self, number: int) -> int:
        """A whole number from 0 to `number` - 1."""
        return int(self.random() * number)

    def randint(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True with this probability, 0 to 1."""
        return self.random() < share

    def choice(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def shuffle(self, items: MutableSequence[T]) -> None:
        for last in range(len(items) - 1, 0, -1):
            other = int(self.random() * (last + 1))
            items[last], items[other] = items[other], items[last]


def apportion(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` into whole parts in proportion to `weights`. If all weights are 0, so are the parts."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    marks = [total * weight // whole for weight in accumulate(weights)]
    return [mark - before for mark, before in zip(marks, [0, *marks], strict=False)]
