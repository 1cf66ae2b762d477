"""Goals that are measured in rounds hold in more than half of them."""

import pytest

from bench.calls import ROSTER
from bench.databases import LARGE
from bench.goals import Goal, Measured, goals, held
from bench.load import Sample
from bench.servers_under_test import OURS
from tests.bench.made_up import RUN, results

FAST = Sample(requests=100, seconds=1.0, processor_seconds=0.1)
SLOW = Sample(requests=50, seconds=1.0, processor_seconds=0.1)


def beside_fastify(found: Measured) -> Goal:
    return next(goal for goal in goals(found, RUN.plan) if goal.what == ROSTER.title and "Fastify" in goal.goal)


@pytest.mark.parametrize("times, is_met", [(3, True), (2, False)])
def test_a_goal_is_met_in_three_rounds_of_five(times: int, is_met: bool) -> None:
    found = results(5)
    for number, one in enumerate(found.rounds):
        one.samples[LARGE.name, ROSTER.name, OURS] = FAST if number < times else SLOW

    goal = beside_fastify(Measured(found))

    assert (goal.rounds, goal.is_met) == (f"{times} of 5", is_met)


def test_half_of_the_rounds_is_not_enough() -> None:
    assert not held("", "", "", [True, False]).is_met


def test_a_round_without_the_peer_does_not_count() -> None:
    found = results(5)
    del found.rounds[0].samples[LARGE.name, ROSTER.name, "fastify"]

    assert beside_fastify(Measured(found)).rounds == "4 of 4"


def test_a_peer_without_any_round_leaves_a_goal_open() -> None:
    found = results(1)
    del found.rounds[0].samples[LARGE.name, ROSTER.name, "fastify"]

    goal = beside_fastify(Measured(found))

    assert (goal.measured, goal.is_met) == ("lost", None)
