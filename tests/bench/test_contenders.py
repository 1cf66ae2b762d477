"""The contenders of the benchmark."""

from bench.contenders import FLOOR, OURS, STOCK, all_contenders


def test_those_that_goals_speak_of_are_there_once() -> None:
    names = [contender.name for contender in all_contenders()]

    assert len(names) == len(set(names))
    assert {OURS, FLOOR, STOCK, "fastify"} <= set(names)


def test_this_server_runs_as_it_is_configured() -> None:
    [ours] = [contender for contender in all_contenders() if contender.name == OURS]

    command = ours.command(8140)

    assert "--config" in command
    assert "--worker-class" not in command
