"""What tests of the benchmark measure: samples that nobody took, on servers that do not run."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from bench.calls import CALLS, WALKS
from bench.databases import LARGE, SMALL
from bench.load import Sample
from bench.options import BenchmarkOptions
from bench.report import BenchmarkRun
from bench.rounds import Results, Round
from bench.servers_under_test import all_contenders
from bench.usage import Memory

CONTENDERS = list(all_contenders())
RUN = BenchmarkRun(BenchmarkOptions(rounds=5), CONTENDERS, dt.date(2026, 11, 22), postgresql=18, others=0.1)
SAMPLE = Sample(requests=100, seconds=1.0, processor_seconds=0.5)


def results(rounds: int) -> Results:
    """What all servers did alike in some rounds at both sizes."""
    keys = [
        (size.name, asked.name, contender.name)
        for size in (SMALL, LARGE)
        for asked in (*CALLS, *WALKS)
        for contender in CONTENDERS
    ]
    memory = {(size.name, contender.name): Memory(100.0, 80.0) for size in (SMALL, LARGE) for contender in CONTENDERS}
    return Results([Round(dict.fromkeys(keys, SAMPLE)) for _ in range(rounds)], memory)


def running(name: str, **others: Any) -> Any:
    """A server by the name of a contender."""
    [contender] = [one for one in CONTENDERS if one.name == name]
    is_ours = name.startswith("ours")
    return SimpleNamespace(
        name=name, contender=contender, campus=SimpleNamespace(size=SMALL), is_ours=is_ours, **others
    )
