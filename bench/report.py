"""The one table, in Markdown that reads as well in a terminal."""

import platform
from collections.abc import Iterator, Sequence

import psutil

from bench.calls import CALLS, WALKS, Call, Walk
from bench.campus import Campus, Size
from bench.contenders import CONNECTIONS, FLOOR, STOCK, WORKERS, Contender
from bench.figures import cheaper, digits, faster, per_second, processor, spread
from bench.goals import Goal
from bench.load import CALLERS, GENERATOR, Sample
from bench.plan import Plan
from bench.rounds import Results


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A Markdown table, its first row the head, its columns as wide as their widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    head, *others = rows
    for row in (head, ["-" * width for width in widths], *others):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"


def introduction(plan: Plan, rounds: int, campus: Campus, others: float) -> Iterator[str]:
    version = campus.number("SELECT current_setting('server_version_num')::int / 10000")
    how = f"Interleaved rounds: {rounds}. Windows of load: {plan.seconds} s from {CALLERS} callers ({GENERATOR})."
    yield f"{how} Servers: {WORKERS} workers, up to {CONNECTIONS} database connections each."
    yield f"PostgreSQL {version}, Python {platform.python_version()}, {platform.machine()}, {processors()} processors,"
    yield f"on which others kept {others:.1f} busy when the run began."
    yield ""
    yield "Every figure is a median with the least and the most of the rounds. CPU is the processor time of server and"
    yield "database together, in milliseconds a request. The ratios to stock and floor say how many times as many"
    yield "requests a second, and after the stroke how many times less CPU. The floor is the one under the same server."


def processors() -> int:
    return len(psutil.Process().cpu_affinity()) if hasattr(psutil.Process, "cpu_affinity") else psutil.cpu_count() or 1


def figures_table(results: Results, plan: Plan, contenders: Sequence[Contender]) -> Iterator[str]:
    head = ["call", "server"]
    for size in plan.sizes:
        head += [f"{size.title}: requests/s", "CPU ms", "to stock", "to floor"]
    if len(plan.sizes) > 1:
        head.append("growth")
    rows = [head]
    for asked in (*CALLS, *WALKS):
        title = asked.title
        for contender in contenders:
            rows.append([title, contender.title, *cells(results, plan, asked, contender)])
            title = ""
    yield from aligned(rows)


def cells(results: Results, plan: Plan, asked: Call | Walk, contender: Contender) -> Iterator[str]:
    found = [results.of(size, asked.name, contender.name) for size in plan.sizes]
    for size, samples in zip(plan.sizes, found, strict=True):
        yield str(spread(samples, per_second))
        yield str(spread(samples, processor))
        yield ratios(samples, results.of(size, asked.name, STOCK))
        yield ratios(samples, results.of(size, asked.name, floor_of(contender)))
    if len(found) > 1:
        yield f"{growth(found[0], found[-1]):.2f}"


def ratios(samples: Sequence[Sample], others: Sequence[Sample]) -> str:
    if not others:
        return ""
    return f"{digits(faster(samples, others).middle)} / {digits(cheaper(samples, others).middle)}"


def floor_of(contender: Contender) -> str:
    """The floor under the same server; for what is no WSGI application, under this server's default."""
    kinds = {"ours-gthread": "floor-gthread", "ours-granian": "floor-granian", "ours-sync": "floor-sync"}
    kinds |= {"floor-gthread": "floor-gthread", "floor-granian": "floor-granian", "floor-sync": "floor-sync"}
    return {**kinds, STOCK: "floor-sync"}.get(contender.name, FLOOR)


def growth(small: Sequence[Sample], large: Sequence[Sample]) -> float:
    """How many times the processor time a request takes when the campus is ten times as large."""
    pairs = zip(small, large, strict=True)
    ratios = [after.processor_milliseconds / before.processor_milliseconds for before, after in pairs]
    return sorted(ratios)[len(ratios) // 2]


def memory_table(results: Results, sizes: Sequence[Size], contenders: Sequence[Contender]) -> Iterator[str]:
    rows = [["memory of the largest worker, MiB", *(f"{size.title}: resident (proportional)" for size in sizes)]]
    for contender in contenders:
        used = [results.memory[size.name, contender.name] for size in sizes]
        rows.append([contender.title, *(f"{one.resident:.0f} ({one.proportional:.0f})" for one in used)])
    yield from aligned(rows)


def goals_table(goals: Sequence[Goal]) -> Iterator[str]:
    marks = {True: "yes", False: "NO", None: ""}
    rows = [["what", "goal", "measured", "met"]]
    rows += [[goal.what, goal.goal, goal.measured, marks[goal.is_met]] for goal in goals]
    yield from aligned(rows)
