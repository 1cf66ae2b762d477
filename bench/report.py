"""The report of a run, in the sections of docs/performance.md. It lists the sections that have no results yet."""

import datetime as dt
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import psutil

from bench import compression
from bench.calls import CALLS, WALKS, Call, Walk
from bench.figures import Samples, cheaper, digits, faster, grown, per_second, processor, spread
from bench.goals import Goal, Measured, goals
from bench.load import CALLERS, GENERATOR
from bench.markdown import asked, heading, paragraph, table
from bench.options import BenchmarkOptions
from bench.rounds import Results
from bench.servers_under_test import BASELINE, CONNECTIONS, STOCK, THREADS, WORKERS, Contender

GOALS, CALLED, MEMORY, COMPRESSION = "Goals and figures", "Every call, every server", "Memory", "Compression"
TITLES = (GOALS, CALLED, MEMORY, COMPRESSION)


@dataclass(frozen=True)
class BenchmarkRun:
    """What was run, where and when."""

    plan: BenchmarkOptions
    contenders: Sequence[Contender]
    day: dt.date
    postgresql: int
    """The version."""
    others: float
    """Processors that others kept busy when the run began."""


def report(run: BenchmarkRun, found: Measured, minutes: float) -> Iterator[str]:
    """All that is known after so many minutes, as lines."""
    yield from heading(GOALS)
    yield from introduction(run, found, minutes)
    yield ""
    yield f"At {run.plan.sizes[-1].title} memberships:"
    yield ""
    yield from goals_table(list(goals(found, run.plan)))
    yield ""
    yield from heading(CALLED)
    yield "The same run."
    yield ""
    yield from figures_table(run, found.results)
    yield ""
    yield from heading(MEMORY)
    yield "The same run, after its rounds:"
    yield ""
    yield from memory_table(run, found.results)
    yield ""
    yield from heading(COMPRESSION)
    if found.packings:
        yield "The same run. On networks slower than the last column a compressed response arrives sooner."
        yield ""
        yield from compression.table(found.packings)
    else:
        yield "The same run did not come to it."


def introduction(run: BenchmarkRun, found: Measured, minutes: float) -> Iterator[str]:
    plan, rounds = run.plan, found.results.rounds
    yield from paragraph(
        f"{asked(plan.command, run.day)}, in {minutes:.0f} minutes. PostgreSQL {run.postgresql},",
        f"Python {platform.python_version()}, {platform.machine()}, {processors()} processors, on which others kept",
        f"{run.others:.1f} busy when the run began.",
        f"Interleaved rounds: {len(rounds)}. Windows of load: {plan.seconds} s from {CALLERS} callers ({GENERATOR}).",
        f"Servers: {WORKERS} workers; {THREADS} threads each, unless the table says otherwise; without threads, up to",
        f"{CONNECTIONS} database connections.",
    )
    yield ""
    yield from paragraph(
        "Figures are medians of the rounds, with the lowest and the highest. CPU is the processor time of server",
        "and database, in milliseconds a request. The ratios to stock and baseline are those of requests a second",
        "and, after the slash, of CPU time saved. The baseline runs under the same server. A goal that is measured",
        "in rounds is met if it holds in more than half of them.",
    )
    if missing := ", ".join(found.missing(plan)):
        yield ""
        yield f"**This run is not complete.** What it did not come to: {missing}."
    if lost := [line for one in rounds for line in one.lost]:
        yield ""
        yield "Servers that failed twice in a row lost a sample; ratios are of the rounds that both have:"
        yield ""
        yield from (f"- {' '.join(line.split())}" for line in lost)


def processors() -> int:
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count() or 1


def figures_table(run: BenchmarkRun, results: Results) -> Iterator[str]:
    sizes = run.plan.sizes
    head = ["call", "server"]
    for size in sizes:
        head += [f"{size.title}: requests/s", "CPU ms", "to stock", "to baseline"]
    if len(sizes) > 1:
        head.append("growth")
    rows = [head]
    for call in (*CALLS, *WALKS):
        title = call.title
        for contender in run.contenders:
            rows.append([title, contender.title, *cells(run, results, call, contender)])
            title = ""
    yield from table(rows)


def cells(run: BenchmarkRun, results: Results, call: Call | Walk, contender: Contender) -> Iterator[str]:
    sizes = run.plan.sizes
    found = [results.of(size, call.name, contender.name) for size in sizes]
    for size, samples in zip(sizes, found, strict=True):
        yield spread(samples, per_second)
        yield spread(samples, processor)
        yield ratios(samples, results.of(size, call.name, STOCK))
        yield ratios(samples, results.of(size, call.name, baseline_of(contender)))
    if len(found) > 1:
        growth = grown(found[0], found[-1])
        yield f"{median(growth):.2f}" if growth else "lost"


def ratios(samples: Samples, others: Samples) -> str:
    found = faster(samples, others)
    return f"{digits(median(found))} / {digits(median(cheaper(samples, others)))}" if found else "lost"


def baseline_of(contender: Contender) -> str:
    """The baseline under the same server; for peers that are not WSGI, under this server's default."""
    kinds = {"ours-gthread": "baseline-gthread", "ours-granian": "baseline-granian", "ours-sync": "baseline-sync"}
    kinds |= {
        "baseline-gthread": "baseline-gthread",
        "baseline-granian": "baseline-granian",
        "baseline-sync": "baseline-sync",
    }
    return {**kinds, STOCK: "baseline-sync"}.get(contender.name, BASELINE)


def memory_table(run: BenchmarkRun, results: Results) -> Iterator[str]:
    sizes = run.plan.sizes
    rows = [["memory of the largest worker, MiB", *(f"{size.title}: resident (proportional)" for size in sizes)]]
    for contender in run.contenders:
        used = [results.memory.get((size.name, contender.name)) for size in sizes]
        figures = [f"{one.resident:.0f} ({one.proportional:.0f})" if one else "lost" for one in used]
        rows.append([contender.title, *figures])
    yield from table(rows)


def goals_table(found: Sequence[Goal]) -> Iterator[str]:
    marks = {True: "yes", False: "NO", None: ""}
    rows = [["what", "goal", "measured", "rounds", "met"]]
    rows += [[goal.what, goal.goal, goal.measured, goal.rounds, marks[goal.is_met]] for goal in found]
    yield from table(rows)
