"""Memory of this server's workers over a quarter of an hour of mixed load: `make bench SOAK=1`."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.calls import CALLS, WALKS
from bench.campus import SEED
from bench.load import Meter
from bench.progress import tell
from bench.servers import Running

MINUTES = 15
"""How long, unless MINUTES says otherwise."""

WINDOW = 15
"""Seconds between two readings."""

SETTLED = 180
"""Seconds after which caches are full and memory should stay as it is."""


@dataclass(frozen=True)
class Reading:
    """Memory of the largest worker, in MiB, after some seconds of load."""

    seconds: float
    resident: float
    proportional: float
    per_second: float


def soak(running: Running, database_pid: int, seconds: int) -> list[Reading]:
    """Ask everything of a server, mixed, and read its memory now and then."""
    paths = [path for call in CALLS for path in call.paths(running.campus)[:500]]
    paths += [path for walk in WALKS for path in walk.pages(running.campus, 50)]
    random.Random(SEED).shuffle(paths)
    return list(readings(running, database_pid, paths, seconds))


def readings(running: Running, database_pid: int, paths: list[str], seconds: int) -> Iterator[Reading]:
    started = time.monotonic()
    meter = Meter(running, database_pid)
    while time.monotonic() - started < seconds:
        sample = meter.window(paths, min(WINDOW, seconds))
        largest = max(running.memory().values(), key=lambda memory: memory.resident)
        elapsed = time.monotonic() - started
        tell(f"{elapsed / 60:.1f} minutes: {largest.resident:.1f} MiB, {sample.per_second:.0f} requests a second")
        yield Reading(elapsed, largest.resident, largest.proportional, sample.per_second)


def growth(found: list[Reading]) -> float:
    """How many MiB a worker grew from when it was settled to the end."""
    settled = [reading for reading in found if reading.seconds >= min(SETTLED, found[-1].seconds / 3)]
    return settled[-1].resident - settled[0].resident


def table(found: list[Reading]) -> Iterator[str]:
    yield "| minutes | resident MiB | proportional MiB | requests a second |"
    yield "| ---: | ---: | ---: | ---: |"
    step = max(len(found) // 15, 1)
    for reading in [*found[:-1:step], found[-1]]:
        memory = f"{reading.resident:.1f} | {reading.proportional:.1f}"
        yield f"| {reading.seconds / 60:.1f} | {memory} | {reading.per_second:.0f} |"
