"""Memory of this server's workers over a quarter of an hour of mixed load: `make bench SOAK=1`."""

import datetime as dt
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench import markdown
from bench.calls import CALLS, WALKS
from bench.databases import SEED
from bench.load import Meter
from bench.progress import tell
from bench.servers import Running

TITLE = "Memory under load"

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


def section(found: list[Reading], running: Running, minutes: float, day: dt.date) -> Iterator[str]:
    """The section of the report, as lines."""
    yield from markdown.heading(TITLE)
    yield from markdown.paragraph(
        f"{markdown.asked('make bench SOAK=1', day)}: {minutes:g} minutes of mixed load at {running.campus.size.title}",
        f"memberships, {running.contender.title}. The largest worker grew by {growth(found):.1f} MiB after it",
        "had settled.",
    )
    yield ""
    yield from table(found)


def table(found: list[Reading]) -> Iterator[str]:
    rows = [["minutes", "resident MiB", "proportional MiB", "requests a second"]]
    step = max(len(found) // 15, 1)
    for reading in [*found[:-1:step], found[-1]]:
        figures = (reading.seconds / 60, reading.resident, reading.proportional)
        rows.append([*(f"{figure:.1f}" for figure in figures), f"{reading.per_second:.0f}"])
    yield from markdown.table(rows)
