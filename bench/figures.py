"""Minimum, median and maximum of what the rounds saw, and ratios taken round by round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self

from bench.load import Sample

Samples = Sequence[Sample | None]
"""One a round, in the order of the rounds; None where it was lost."""


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
        least, middle, most = digits(self.least), digits(self.middle), digits(self.most)
        return middle if least == most else f"{middle} ({least}–{most})"


def digits(value: float) -> str:
    """About three figures of a number."""
    decimals = 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{decimals}f}"


def spread(samples: Samples, figure: Callable[[Sample], float]) -> str:
    """A figure of the samples that there are, in words."""
    values = [figure(sample) for sample in samples if sample]
    return str(Spread.of(values)) if values else "lost"


def per_second(sample: Sample) -> float:
    return sample.per_second


def processor(sample: Sample) -> float:
    return sample.processor_milliseconds


def faster(ours: Samples, theirs: Samples) -> list[float]:
    """How many times as many requests a second, in each round that both have."""
    return [one.per_second / other.per_second for one, other in pairs(ours, theirs)]


def cheaper(ours: Samples, theirs: Samples) -> list[float]:
    """How many times less processor time a request, in each round that both have."""
    return [other.processor_milliseconds / one.processor_milliseconds for one, other in pairs(ours, theirs)]


def grown(small: Samples, large: Samples) -> list[float]:
    """How many times the processor time a request takes on the larger campus, in each round that both have."""
    return cheaper(small, large)


def pairs(ours: Samples, theirs: Samples) -> list[tuple[Sample, Sample]]:
    return [(one, other) for one, other in zip(ours, theirs, strict=True) if one and other]
