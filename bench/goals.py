"""What is to be reached, beside what was measured. Ratios are medians of the rounds of one run.

A ratio that is taken round by round is reached when it holds in more than half of them: in three of five.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.bulk import Bulk
from bench.calls import CALLS, FIRST, LAST, MODIFIED, PERSON, PERSON_NAMED, ROSTER, ROSTER_500, Call
from bench.compression import Answers
from bench.copying import Copies
from bench.databases import Size
from bench.figures import Spread, cheaper, faster, grown
from bench.options import BenchmarkOptions
from bench.rounds import Results
from bench.servers_under_test import BASELINE, OURS, STOCK

Writes = Mapping[str, Mapping[str, Sequence[float]]]
"""Rows a second by kind of writing and table, a figure a round."""

GROWN = 1.3
MAX_WORKER = 120
COPIED_WITHIN = 120
FLAT = 1.5
"""A last tenth of a copy that takes up to so many times the first is flat: pages differ in what they hold."""

FEWER_WRITES = 0.7
"""Of what a table with plain foreign keys takes: every write here notes a change as well."""


@dataclass(frozen=True)
class Goal:
    what: str
    goal: str
    measured: str
    is_met: bool | None = None
    rounds: str = ""
    """In how many of the rounds it held, of what is measured in rounds."""


@dataclass
class Measured:
    """What one run has measured so far; None is still to come. All but the results at the largest size."""

    results: Results
    copies: Copies | None = None
    packings: Answers | None = None
    writes: Writes | None = None
    bulk: Bulk | None = None

    def missing(self, plan: BenchmarkOptions) -> Iterator[str]:
        """What is still to come, in words."""
        finished = len(self.results.rounds)
        if self.copies is None and finished < plan.rounds:
            yield f"{plan.rounds - finished} of {plan.rounds} rounds"
        steps = {"copies": self.copies, "compression": self.packings, "writes": self.writes, "loading": self.bulk}
        yield from (name for name, found in steps.items() if found is None)


def goals(measured: Measured, plan: BenchmarkOptions) -> Iterator[Goal]:
    """Every goal of which something was measured, at the largest size."""
    size, results = plan.sizes[-1], measured.results
    for call in (ROSTER, ROSTER_500):
        yield ratio(results, size, call, "stock DRF", STOCK, 12)
        yield ratio(results, size, call, "Fastify on the same schema and SQL", "fastify", 1)
        yield ratio(results, size, call, "the baseline on the same server", BASELINE, 0.85)
    for call in (PERSON, PERSON_NAMED):
        yield ratio(results, size, call, "Fastify", "fastify", 1)
        yield ratio(results, size, call, "the baseline on the same server", BASELINE, 0.8)
    yield Goal("an unchanged roster asked again with its ETag", "5 times our own 200", "comes with the change log")
    if measured.copies:
        yield from copies(measured.copies)
    if len(plan.sizes) > 1:
        yield from growths(results, *plan.sizes)
    if measured.writes:
        yield from writes(measured.writes)
    if bulk := measured.bulk:
        times = f"{bulk.ratio:.1f} times ({bulk.ours:.0f} s to {bulk.copy:.0f} s)"
        yield Goal(f"loading {size.title} memberships", "at most 2 times COPY and index builds", times, bulk.ratio <= 2)
    resident = results.memory[size.name, OURS].resident
    yield Goal("memory of a worker after the rounds", "under 120 MiB", f"{resident:.0f} MiB", resident < MAX_WORKER)


def ratio(results: Results, size: Size, call: Call, other: str, name: str, least: float) -> Goal:
    ours, theirs = results.of(size, call.name, OURS), results.of(size, call.name, name)
    goal, found = f"{least:g} times {other}", faster(ours, theirs)
    if not found:
        return Goal(call.title, goal, "lost")
    measured = f"{Spread.of(found)} times; CPU {median(cheaper(ours, theirs)):.2f} times less"
    return held(call.title, goal, measured, [times >= least for times in found])


def held(what: str, goal: str, measured: str, rounds: Sequence[bool]) -> Goal:
    """A goal that holds in some of the rounds."""
    return Goal(what, goal, measured, sum(rounds) * 2 > len(rounds), f"{sum(rounds)} of {len(rounds)}")


def copies(found: Copies) -> Iterator[Goal]:
    walk, copy, modified = found.by_number, found.by_cursor, found.modified
    yield Goal(
        "the last pages of everything, in a walk by number, totals exact",
        "at most 3 times page 1",
        f"{walk.ends:.2f} times; {walk.pages} pages in {walk.seconds:.0f} s",
        walk.ends <= 3,
    )
    yield Goal(
        "the whole copy by cursor, 500 a page",
        "flat, under two minutes",
        f"{copy.rows} rows in {copy.seconds:.0f} s; last tenth {copy.steepness:.2f} times the first",
        copy.seconds < COPIED_WITHIN and copy.steepness <= FLAT,
    )
    yield Goal(
        "modified since by cursor, 500 a page, to the end",
        "flat",
        f"{modified.pages} pages; last tenth {modified.steepness:.2f} times the first",
        modified.steepness <= FLAT,
    )


def growths(results: Results, small: Size, large: Size) -> Iterator[Goal]:
    for call in (*CALLS, FIRST, LAST, MODIFIED):
        found = grown(results.of(small, call.name, OURS), results.of(large, call.name, OURS))
        what, goal = f"{small.title} to {large.title}: {call.title}", f"at most {GROWN} times the CPU"
        yield held(what, goal, f"{Spread.of(found)} times", [times <= GROWN for times in found])


def writes(figures: Writes) -> Iterator[Goal]:
    for kind, speeds in figures.items():
        found = [ours / plain for ours, plain in zip(speeds["ours"], speeds["plain"], strict=True)]
        speed = f"{median(found):.2f} times ({median(speeds['ours']):.0f} rows a second)"
        goal = f"{FEWER_WRITES} times plain foreign keys"
        yield held(kind.replace("_", " "), goal, speed, [times >= FEWER_WRITES for times in found])
