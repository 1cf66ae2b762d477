"""Any number of values, a bounded number at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`, in their order; none for no values."""
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch
