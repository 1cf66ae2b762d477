"""Minimum, median and maximum of what the rounds saw, and ratios taken round by round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

from bench.load import Sample


@dataclass(frozen=True)
class Spread:
    """The least, middle and greatest of some figures."""

    least: float
    middle: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        return cls(min(values), median(values), max(values))

    def __str__(self) -> str:
        return f"{digits(self.middle)} ({digits(self.least)}–{digits(self.most)})"


def digits(value: float) -> str:
    """About three figures of a number."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def per_second(sample: Sample) -> float:
    return sample.per_second


def processor(sample: Sample) -> float:
    return sample.processor_milliseconds


def spread(samples: Sequence[Sample], figure: Callable[[Sample], float]) -> Spread:
    return Spread.of([figure(sample) for sample in samples])


def faster(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Spread:
    """How many times as many requests a second, round by round."""
    return Spread.of([one.per_second / other.per_second for one, other in zip(ours, theirs, strict=True)])


def cheaper(ours: Sequence[Sample], theirs: Sequence[Sample]) -> Spread:
    """How many times less processor time a request, round by round."""
    pairs = zip(ours, theirs, strict=True)
    return Spread.of([other.processor_milliseconds / one.processor_milliseconds for one, other in pairs])
