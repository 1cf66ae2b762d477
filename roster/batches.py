"""Splits values into batches of limited size."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in lists of at most `size`, in the same order; no list if there are no values."""
    remaining = iter(values)
    while batch := list(islice(remaining, size)):
        yield batch
