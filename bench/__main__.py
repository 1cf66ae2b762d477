"""`make bench`, `make bench QUICK=1`, `make bench SOAK=1`, `make bench SQLITE=1`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

from bench import bulk, compression, report, soak, sqlite
from bench.campus import Campus, loaded, python
from bench.contenders import OURS, all_contenders
from bench.copying import Copies, Incomplete
from bench.goals import Measured, Writes, goals
from bench.load import Failed
from bench.machine import Unable, folder, install_node_packages, postgresql
from bench.plan import Plan, is_set
from bench.progress import tell
from bench.rounds import Rounds
from bench.sameness import Different
from bench.servers import DidNotStart, running
from tests.postgres_server import Server

PROBLEMS = (Unable, DidNotStart, Different, Failed, Incomplete, subprocess.CalledProcessError)


def main() -> None:
    started = time.monotonic()
    if is_set("SQLITE"):
        lines = list(sqlite.measured())
    else:
        plan = Plan.asked_for()
        install_node_packages()
        with postgresql() as server:
            measure = soaked if is_set("SOAK") else measured
            lines = list(measure(server, plan))
    tell("")
    lines += ["", f"Took {(time.monotonic() - started) / 60:.1f} minutes."]
    text = "\n".join(lines)
    print(text)
    results = folder() / "results"
    results.mkdir(exist_ok=True)
    (results / f"{time.strftime('%Y-%m-%dT%H%M%S')}.md").write_text(text + "\n")


def measured(server: Server, plan: Plan) -> Iterator[str]:
    """Everything that one run measures, as lines."""
    assert server.guard
    others = os.getloadavg()[0]
    contenders = list(all_contenders())
    campuses = [loaded(server, size) for size in plan.sizes]
    largest = campuses[-1]
    with running(campuses, contenders, folder() / "logs") as servers:
        rounds = Rounds(plan, servers, server.guard.pid)
        rounds.check_and_warm()
        results = rounds.run()
        [ours] = [one for one in servers if one.name == OURS and one.campus is largest]
        copies = Copies.of(ours)
        packings = compression.measure(ours, server.guard.pid)
    writes = written(largest, plan)
    tell(f"loading {largest.size.title} memberships, and copying them")
    found = Measured(results, copies, writes, bulk.measure(server, largest))
    yield from report.introduction(plan, results.rounds, largest, others)
    yield ""
    yield from report.figures_table(results, plan, contenders)
    yield ""
    yield from report.memory_table(results, plan.sizes, contenders)
    yield ""
    yield from compression.table(packings)
    yield ""
    yield from report.goals_table(list(goals(found, plan)))


def written(campus: Campus, plan: Plan) -> Writes:
    tell("writing memberships")
    done = python(campus.url, "-m", "bench.writes", str(plan.written), str(plan.rounds), stdout=subprocess.PIPE)
    figures: Writes = json.loads(done.stdout)
    return figures


def soaked(server: Server, plan: Plan) -> Iterator[str]:
    """Memory under load at the largest size, as lines."""
    assert server.guard
    minutes = float(os.environ.get("MINUTES") or soak.MINUTES)
    campus = loaded(server, plan.sizes[-1])
    contenders = [one for one in all_contenders() if one.name == OURS]
    with running([campus], contenders, folder() / "logs") as [ours]:
        found = soak.soak(ours, server.guard.pid, int(minutes * 60))
    yield f"{ours.contender.title}, {campus.size.title} memberships, {minutes:g} minutes of mixed load:"
    yield ""
    yield from soak.table(found)
    yield ""
    yield f"The largest worker grew by {soak.growth(found):.1f} MiB after it had settled."


def stop(*_: object) -> None:
    """Leave in the usual way, so that every server that was started is stopped."""
    sys.exit("Stopped.")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stop)
    try:
        main()
    except PROBLEMS as problem:
        tell("")
        sys.exit(f"{problem}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")
