"""A peer that fails twice in a row loses a sample; this server ends the run."""

from collections.abc import Iterator
from typing import Any

import pytest

from bench.calls import CALLS, ROSTER, Call, Walk
from bench.databases import SMALL
from bench.load import Failed, Sample
from bench.options import BenchmarkOptions
from bench.rounds import Rounds
from bench.usage import Memory
from tests.bench.made_up import SAMPLE, running


class Failing(Rounds):
    """Rounds in which one server fails so many times at its first call."""

    def __init__(self, name: str, times: int, rounds: int = 1) -> None:
        servers = [running(one, memory=lambda: {1: Memory(100.0, 80.0)}) for one in ("ours-gthread", "fastify")]
        super().__init__(BenchmarkOptions(rounds=rounds), servers, database_pid=0)
        self.name, self.left = name, times

    def sample(self, running: Any, asked: Call | Walk) -> Sample:
        if running.name == self.name and self.left:
            self.left -= 1
            raise Failed("refused")
        return SAMPLE

    def of(self, name: str) -> list[Sample | None]:
        return self.results.of(SMALL, ROSTER.name, name)


def test_a_peer_is_asked_once_more() -> None:
    rounds = Failing("fastify", times=1)

    assert list(rounds.run()) == [1]
    assert rounds.of("fastify") == [SAMPLE]


def test_a_peer_that_fails_again_loses_the_sample_of_that_round() -> None:
    rounds = Failing("fastify", times=2, rounds=2)

    assert list(rounds.run()) == [1, 2]
    assert rounds.of("fastify") == [None, SAMPLE]
    assert rounds.of("ours-gthread") == [SAMPLE, SAMPLE]
    assert rounds.results.rounds[0].lost == [f"round 1, {SMALL.title} memberships, {ROSTER.title}: refused"]


def test_this_server_ends_the_run_and_leaves_the_rounds_before() -> None:
    rounds = Failing("ours-gthread", times=0, rounds=2)
    progress: Iterator[int] = rounds.run()
    next(progress)
    rounds.left = 1

    with pytest.raises(Failed):
        next(progress)

    assert rounds.of("ours-gthread") == [SAMPLE]


def test_a_peer_that_has_ended_has_no_memory() -> None:
    rounds = Failing("fastify", times=0)
    rounds.servers[1].memory = dict  # type: ignore[method-assign]

    list(rounds.run())

    assert list(rounds.results.memory) == [(SMALL.name, "ours-gthread")]


def test_all_calls_of_a_round_have_a_sample() -> None:
    rounds = Failing("fastify", times=0)

    list(rounds.run())

    assert {name for _, name, _ in rounds.results.rounds[0].samples} >= {call.name for call in CALLS}
