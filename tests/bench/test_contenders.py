"""The contenders of the benchmark."""

from bench.servers_under_test import BASELINE, GUNICORN_SETTINGS, OURS, STOCK, THREADS, WORKER_CLASS, all_contenders


def test_those_that_goals_speak_of_are_there_once() -> None:
    names = [contender.name for contender in all_contenders()]

    assert len(names) == len(set(names))
    assert {OURS, BASELINE, STOCK, "fastify"} <= set(names)


def test_this_server_runs_as_it_is_configured() -> None:
    [ours] = [contender for contender in all_contenders() if contender.name == OURS]

    command = ours.command(8140)

    assert "--config" in command
    assert "--worker-class" not in command


def test_the_baseline_has_the_worker_and_the_threads_of_this_server() -> None:
    settings = GUNICORN_SETTINGS.read_text()
    assert f'worker_class = "{WORKER_CLASS}"' in settings
    assert f'env.number("THREADS", default={THREADS},' in settings
    [baseline] = [contender for contender in all_contenders() if contender.name == BASELINE]
    command = baseline.command(8140)
    assert command[command.index("--worker-class") + 1] == WORKER_CLASS
    assert command[command.index("--threads") + 1] == str(THREADS)
