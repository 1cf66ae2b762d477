"""What is to be reached, beside what was measured. Ratios are medians of the rounds of one run."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.bulk import Bulk
from bench.calls import CALLS, FIRST, LAST, MODIFIED, PERSON, PERSON_NAMED, ROSTER, ROSTER_500, Call
from bench.campus import Size
from bench.contenders import FLOOR, OURS, STOCK
from bench.copying import Copies
from bench.figures import cheaper, faster
from bench.load import Sample
from bench.plan import Plan
from bench.rounds import Results

Writes = Mapping[str, Mapping[str, Sequence[float]]]
"""Rows a second by kind of writing and table, a figure a round."""

GROWN = 1.3
LARGEST_WORKER = 120
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


@dataclass(frozen=True)
class Measured:
    """Everything that one run measured."""

    results: Results
    copies: Copies
    """At the largest size."""
    writes: Writes
    bulk: Bulk


def goals(measured: Measured, plan: Plan) -> Iterator[Goal]:
    """Every goal, at the largest size that was measured."""
    size, results = plan.sizes[-1], measured.results
    for call in (ROSTER, ROSTER_500):
        yield ratio(results, size, call, "stock DRF", STOCK, 12)
        yield ratio(results, size, call, "Fastify on the same schema and SQL", "fastify", 1)
        yield ratio(results, size, call, "the floor on the same server", FLOOR, 0.85)
    for call in (PERSON, PERSON_NAMED):
        yield ratio(results, size, call, "Fastify", "fastify", 1)
        yield ratio(results, size, call, "the floor on the same server", FLOOR, 0.8)
    yield Goal("an unchanged roster asked again with its ETag", "5 times our own 200", "comes with the change log")
    yield from copies(measured.copies)
    if len(plan.sizes) > 1:
        yield from growths(results, *plan.sizes)
    yield from writes(measured.writes)
    bulk = measured.bulk
    times = f"{bulk.ratio:.1f} times ({bulk.ours:.0f} s to {bulk.copy:.0f} s)"
    yield Goal(f"loading {size.title} memberships", "at most 2 times COPY and index builds", times, bulk.ratio <= 2)
    resident = results.memory[size.name, OURS].resident
    yield Goal("memory of a worker after all this", "under 120 MiB", f"{resident:.0f} MiB", resident < LARGEST_WORKER)


def ratio(results: Results, size: Size, call: Call, other: str, name: str, least: float) -> Goal:
    ours, theirs = results.of(size, call.name, OURS), results.of(size, call.name, name)
    found, processor = faster(ours, theirs), cheaper(ours, theirs)
    measured = f"{found} times; CPU {processor.middle:.2f} times less"
    return Goal(call.title, f"{least:g} times {other}", measured, found.middle >= least)


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
        pairs = zip(results.of(small, call.name, OURS), results.of(large, call.name, OURS), strict=True)
        times = median([grown(before, after) for before, after in pairs])
        what = f"{small.title} to {large.title}: {call.title}"
        yield Goal(what, f"at most {GROWN} times the CPU", f"{times:.2f} times", times <= GROWN)


def grown(before: Sample, after: Sample) -> float:
    return after.processor_milliseconds / before.processor_milliseconds


def writes(figures: Writes) -> Iterator[Goal]:
    for kind, speeds in figures.items():
        times = median([ours / plain for ours, plain in zip(speeds["ours"], speeds["plain"], strict=True)])
        speed = f"{times:.2f} times ({median(speeds['ours']):.0f} rows a second)"
        goal = f"{FEWER_WRITES} times plain foreign keys"
        yield Goal(kind.replace("_", " "), goal, speed, times >= FEWER_WRITES)
