"""Interleaved rounds: each call goes to one server after the other, again and again, so that noise meets all alike."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle, islice
from typing import TypeVar

from bench import equal_answers
from bench.calls import CALLS, WALKS, Call, Walk
from bench.databases import Size
from bench.load import CALLERS, SLOW, VERY_SLOW, Caller, Failed, Meter, Sample
from bench.options import BenchmarkOptions
from bench.progress import tell
from bench.servers import Running
from bench.servers_under_test import WORKERS
from bench.usage import Memory

T = TypeVar("T")

Key = tuple[str, str, str]
"""Size, call and contender, by their names."""


@dataclass
class Round:
    """What one round saw."""

    samples: dict[Key, Sample] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    """What has no sample, and why."""


@dataclass
class Results:
    """What the rounds saw that came to their end."""

    rounds: list[Round] = field(default_factory=list)
    memory: dict[tuple[str, str], Memory] = field(default_factory=dict)
    """Of the largest worker of a contender at a size, after the last of the rounds."""

    def of(self, size: Size, call: str, contender: str) -> list[Sample | None]:
        """A sample a round; None where it was lost."""
        return [one.samples.get((size.name, call, contender)) for one in self.rounds]


class Rounds:
    """Everything that is measured on servers that all run at the same time, and are asked one at a time."""

    def __init__(self, plan: BenchmarkOptions, servers: Sequence[Running], database_pid: int) -> None:
        self.plan, self.servers, self.database_pid = plan, servers, database_pid
        self.results = Results()
        self.seconds: dict[Key, float] = {}
        """How long a request takes."""

    def check_and_warm(self) -> None:
        """Compare answers, and let every worker and connection meet every call before it counts."""
        for size in self.plan.sizes:
            of_size = [running for running in self.servers if running.campus.size == size]
            for call in CALLS:
                tell(f"comparing answers, {size.title}: {call.title}")
                equal_answers.check(of_size, call.paths(of_size[0].campus)[: self.plan.compared])
                for running in of_size:
                    patiently(running, partial(self.warm, running, call))
            for walk in WALKS:
                tell(f"comparing answers, {size.title}: {walk.title}")
                equal_answers.check(of_size, walk.pages(of_size[0].campus, 1)[-1:])

    def warm(self, running: Running, call: Call) -> None:
        """Learn how long an answer takes, and let every worker meet most of the paths."""
        paths = call.paths(running.campus)
        # Once more than there are workers, so that one of them at least has met it before.
        seconds = min(seconds_of(running, paths[0]) for _ in range(WORKERS + 1))
        self.seconds[key(running, call)] = seconds
        if seconds < SLOW:
            Meter(running, self.database_pid).window(paths, self.plan.warming, is_warming=True)

    def run(self) -> Iterator[int]:
        """Add one round after the other to the results, and yield the number of each. Failed when this server fails."""
        started = time.monotonic()
        for number in range(1, 1 + self.plan.rounds):
            if time.monotonic() - started > self.plan.patience:
                break
            self.results.rounds.append(self.round(number))
            self.read_memory()
            yield number

    def round(self, number: int) -> Round:
        first = (number - 1) % len(self.servers)
        turned = [*self.servers[first:], *self.servers[:first]]
        found = Round()
        for asked in (*CALLS, *WALKS):
            for running in turned:
                tell(f"round {number} of {self.plan.rounds}: {asked.title}: {running.contender.title}")
                try:
                    sample = patiently(running, partial(self.sample, running, asked))
                except Failed as failure:
                    if running.is_ours:
                        raise
                    size = running.campus.size.title
                    found.lost.append(f"round {number}, {size} memberships, {asked.title}: {failure}")
                else:
                    found.samples[key(running, asked)] = sample
        return found

    def read_memory(self) -> None:
        for running in self.servers:
            if used := running.memory():
                largest = max(used.values(), key=lambda memory: memory.resident)
                self.results.memory[running.campus.size.name, running.name] = largest

    def sample(self, running: Running, asked: Call | Walk) -> Sample:
        meter = Meter(running, self.database_pid)
        if isinstance(asked, Walk):
            return meter.walk(asked.pages(running.campus, self.plan.pages), seconds=asked.seconds)
        paths = asked.paths(running.campus)
        seconds = self.seconds[key(running, asked)]
        if seconds < SLOW:
            return meter.window(paths, self.plan.seconds)
        callers = CALLERS if seconds < VERY_SLOW else 2
        return meter.few(some(paths, callers), callers)


def seconds_of(running: Running, path: str) -> float:
    """How long an answer takes on a new connection."""
    started = time.perf_counter()
    Caller(running).get(path)
    return time.perf_counter() - started


def patiently(running: Running, work: Callable[[], T]) -> T:
    """Do some work with a server, and once more where a peer failed: a hiccup shall not cost a sample."""
    try:
        return work()
    except Failed as failure:
        if running.is_ours:
            raise
        tell(f"once more: {failure}")
        return work()


def some(paths: Sequence[str], number: int) -> list[str]:
    """So many paths, from the first on again when they are fewer."""
    return list(islice(cycle(paths), number))


def key(running: Running, asked: Call | Walk) -> Key:
    return running.campus.size.name, asked.name, running.name
