"""`make bench`, and its sections with `QUICK=1`, `SOAK=1`, `MECHANISMS=1`, `DIMENSIONS=1`, `FILTERS=1`, `SQLITE=1`."""

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path

from bench import bulk, compression, dimensions, filters, mechanisms, soak, sqlite
from bench.copying import Copies, Incomplete
from bench.databases import Campus, loaded, python
from bench.equal_answers import Different
from bench.goals import Measured, Writes
from bench.load import Failed
from bench.machine import Unable, folder, install_node_packages, postgresql
from bench.options import BenchmarkOptions, is_set
from bench.progress import tell
from bench.report import BenchmarkRun, report
from bench.rounds import Rounds
from bench.servers import DidNotStart, running
from bench.servers_under_test import OURS, all_contenders
from tests.postgres_server import Server

PROBLEMS = (Unable, DidNotStart, Different, Failed, Incomplete, subprocess.CalledProcessError)

Reports = Generator[str, None, None]
"""The report so far, again after each step."""


def main(now: dt.datetime) -> None:
    results = folder() / "results"
    results.mkdir(exist_ok=True)
    file = results / f"{now:%Y-%m-%dT%H%M%S}.md"
    try:
        keep(file, now.date())
    finally:
        tell("")
        if file.exists():
            print(f"What was measured is in {file}", file=sys.stderr)
    print(file.read_text(), end="")


def keep(file: Path, day: dt.date) -> None:
    """Measure, and write the results to the file after each step, so that a later failure loses nothing."""
    with closing(reports(day)) as texts:
        for text in texts:
            part = file.with_suffix(".part")
            part.write_text(text + "\n")
            part.replace(file)


def reports(day: dt.date) -> Reports:
    """What was asked for on make's command line; the report so far after each step."""
    if is_set("SQLITE"):
        yield "\n".join(sqlite.measured(day))
        return
    plan = BenchmarkOptions.asked_for()
    install_node_packages()
    with postgresql() as server:
        if is_set("SOAK"):
            yield "\n".join(soaked(server, plan, day))
        elif is_set("DIMENSIONS"):
            yield "\n".join(dimensions.measured(server, day))
        elif is_set("FILTERS"):
            yield "\n".join(filters.measured(loaded(server, plan.sizes[-1]), day))
        elif is_set("MECHANISMS"):
            yield "\n".join(mechanisms.measured(loaded(server, plan.sizes[-1]), day))
        else:
            yield from measured(server, plan, day)


def measured(server: Server, plan: BenchmarkOptions, day: dt.date) -> Reports:
    """Everything that one run measures: the report so far, after each round and each step after them."""
    assert server.guard
    started = time.monotonic()
    others = os.getloadavg()[0]
    contenders = list(all_contenders())
    campuses = [loaded(server, size) for size in plan.sizes]
    largest = campuses[-1]
    version = largest.number("SELECT current_setting('server_version_num')::int / 10000")
    run = BenchmarkRun(plan, contenders, day, version, others)
    with running(campuses, contenders, folder() / "logs") as servers:
        rounds = Rounds(plan, servers, server.guard.pid)
        found = Measured(rounds.results)

        def so_far() -> str:
            return "\n".join(report(run, found, minutes=(time.monotonic() - started) / 60))

        rounds.check_and_warm()
        for _ in rounds.run():
            yield so_far()
        [ours] = [one for one in servers if one.name == OURS and one.campus is largest]
        found.copies = Copies.of(ours)
        yield so_far()
        found.packings = compression.measure(ours, server.guard.pid)
        yield so_far()
    found.writes = written(largest, plan)
    yield so_far()
    tell(f"loading {largest.size.title} memberships, and copying them")
    found.bulk = bulk.measure(server, largest)
    yield so_far()


def written(campus: Campus, plan: BenchmarkOptions) -> Writes:
    tell("writing memberships")
    done = python(campus.url, "-m", "bench.writes", str(plan.written), str(plan.rounds), stdout=subprocess.PIPE)
    figures: Writes = json.loads(done.stdout)
    return figures


def soaked(server: Server, plan: BenchmarkOptions, day: dt.date) -> Iterator[str]:
    """Memory under load at the largest size, as lines."""
    assert server.guard
    minutes = float(os.environ.get("MINUTES") or soak.MINUTES)
    campus = loaded(server, plan.sizes[-1])
    contenders = [one for one in all_contenders() if one.name == OURS]
    with running([campus], contenders, folder() / "logs") as [ours]:
        found = soak.soak(ours, server.guard.pid, int(minutes * 60))
    yield from soak.section(found, ours, minutes, day)


def stop(*_: object) -> None:
    """Leave in the usual way, so that every server that was started is stopped."""
    sys.exit("Stopped.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        main(dt.datetime.now().astimezone())
    except PROBLEMS as problem:
        sys.exit(f"{problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
