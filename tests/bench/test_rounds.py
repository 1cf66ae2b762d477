"""A peer that refuses requests once is asked again; this server is not."""

from types import SimpleNamespace
from typing import Any

import pytest

from bench.load import Failed, Sample
from bench.rounds import Rounds

SAMPLE = Sample(requests=1, seconds=1.0, processor_seconds=0.1)


def rounds_failing(times: int) -> Rounds:
    """Rounds whose first `times` samples fail."""
    rounds = Rounds.__new__(Rounds)
    left = [Failed("refused")] * times

    def sample(running: Any, asked: Any) -> Sample:
        if left:
            raise left.pop()
        return SAMPLE

    rounds.sample = sample  # type: ignore[method-assign]
    return rounds


def taken(name: str, *, failing: int) -> Sample:
    running: Any = SimpleNamespace(name=name)
    asked: Any = None
    return rounds_failing(failing).patiently(running, asked)


def test_a_peer_is_asked_once_more() -> None:
    assert taken("fastify", failing=1) == SAMPLE


@pytest.mark.parametrize("name, failing", [("fastify", 2), ("ours-gthread", 1)])
def test_who_fails_for_good_and_this_server_end_the_run(name: str, failing: int) -> None:
    with pytest.raises(Failed):
        taken(name, failing=failing)
