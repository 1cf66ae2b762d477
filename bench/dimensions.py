"""Whether a request costs more where there is more of something it does not answer: `make bench DIMENSIONS=1`.

`python -m bench.dimensions` asks on the empty database of DATABASE_URL, and prints JSON: by dimension and request,
processor milliseconds where there are few rows of the dimension, and where there are many.

The dimensions and the requests are those whose number of queries the tests compare (`tests/wire/test_dimensions.py`
and `tests/lti/dimensions`): every relation of the models, and every route of the roster API and of LTI. Requests whose
answer becomes longer with the dimension are left out.
"""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from bench import markdown
from bench.databases import empty, manage, python
from bench.machine import folder
from bench.usage import seconds_with_database
from tests.postgres_server import Server

TITLE = "More rows that are not asked for"

FEW, MANY = 2, 2000
"""Rows of each dimension beside the one of which everything is, and rows of the one that is measured."""

MOST = {
    "apikey.organizations": 3000,
    "organization.positions": 5000,
    "organization.limited_keys": 500,
    "tool.keys": 200,
    "tool.api_keys": 200,
    "platformkey": 200,
}
"""Rows of dimensions that are larger, or smaller, on a large campus."""

ASKED = 5
"""Requests of one kind, of which the fastest counts."""

GOAL = 1.5
"""At most so many times the processor time."""

LEAST = 1.0
"""Milliseconds more than which the clocks and the garbage collection do not explain."""

LONGER = {
    ("position.memberships", "a page of differences"),
    ("tool.disclosed", "a page of differences"),
    ("context.disclosed", "a page of differences"),
}
"""Dimensions and requests of which a page is as long, and the answer that it is a page of is longer."""

SAME = 24
"""Characters by which two answers of the same rows differ: digits of totals and of ids."""

Times = dict[str, dict[str, tuple[float, float]]]


def measured(server: Server, day: dt.date) -> Iterator[str]:
    """The section of the report, as lines."""
    yield from markdown.heading(TITLE)
    asked = markdown.asked("make bench DIMENSIONS=1", day)
    yield from markdown.paragraph(
        f"{asked}: processor time of the application in one process and of its",
        f"database connection, for the same answer, with {FEW} rows of everything, and with {MANY} (or more) of one",
        f"dimension; the fastest of {ASKED} requests. The goal is at most {GOAL} times.",
    )
    yield ""
    rows = [["database", "pairs of dimension and request", "over the goal", "the worst"]]
    for name, times in (("PostgreSQL", on_postgresql(server)), ("SQLite", on_sqlite())):
        rows.append([name, *summary(times)])
    yield from markdown.table(rows)


def summary(times: Times) -> list[str]:
    """How many pairs were measured, how many are over the goal, and the five with the largest ratios."""
    ratios = sorted(
        (
            (many / few, f"{dimension}, {request}: {few:.1f} to {many:.1f} ms", many - few)
            for dimension, requests in times.items()
            for request, (few, many) in requests.items()
        ),
        reverse=True,
    )
    over = [text for ratio, text, more in ratios if ratio > GOAL and more > LEAST]
    worst = over or [text for _, text, more in ratios if more > LEAST][:1]
    return [str(len(ratios)), str(len(over)), "; ".join(worst[:5]) or "none more by a millisecond"]


def on_postgresql(server: Server) -> Times:
    with empty(server, "dimensions") as url:
        return asked_of(url)


def on_sqlite() -> Times:
    file = folder() / "dimensions.sqlite3"
    file.unlink(missing_ok=True)
    url = f"sqlite:///{file}"
    try:
        manage(url, "migrate", "--no-input", "--verbosity", "0")
        return asked_of(url)
    finally:
        file.unlink(missing_ok=True)


def asked_of(url: str) -> Times:
    times: Times = json.loads(python(url, "-m", "bench.dimensions", stdout=subprocess.PIPE).stdout)
    return times


Asking = Callable[[], Any]
"""A request that is ready to be sent."""


def ask_all() -> Times:
    """The times of every request, with many rows of each dimension by turns."""
    from tests.lti.dimensions.tool_data import DIMENSIONS as OF_LTI
    from tests.lti.dimensions.tool_data import ToolData
    from tests.lti.tool.lms import running_lms
    from tests.wire.sample_organization import DIMENSIONS, SampleOrganization

    times: Times = {}
    with taken_back():
        times |= compared(SampleOrganization(), DIMENSIONS, roster_requests)
    with running_lms() as lms, taken_back():
        for dimension, requests in compared(ToolData(lms), OF_LTI, lti_requests).items():
            times.setdefault(dimension, {}).update(requests)
    return times


def compared(
    data: Any, dimensions: dict[str, Callable[[Any, int], Any]], requests: Callable[[Any], dict[str, Asking]]
) -> Times:
    from django.db import connection

    for more in dimensions.values():
        more(data, FEW)
    few = {request: fastest(ask) for request, ask in requests(data).items()}
    times: Times = {}
    for dimension, more in dimensions.items():
        with taken_back():
            more(data, MOST.get(dimension, MANY))
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            times[dimension] = {}
            for request, ask in requests(data).items():
                (before, length), (after, longer) = few[request], fastest(ask)
                is_longer = any(dimension == of and request.endswith(way) for of, way in LONGER)
                if abs(longer - length) <= SAME and not is_longer:
                    times[dimension][request] = before, after
        # The machine may be slower now than at the beginning.
        for request, (before, after) in times[dimension].items():
            if after > GOAL * before:
                times[dimension][request] = max(before, fastest(requests(data)[request])[0]), after
    return times


@contextmanager
def taken_back() -> Iterator[None]:
    """Rows that go at the end."""
    from django.db import transaction

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fastest(ask: Asking) -> tuple[float, int]:
    """Milliseconds of processor time of a request, and characters of its answer, once its statements are known."""
    ask()()
    return min(clocked(ask()) for _ in range(ASKED))


def clocked(request: Asking) -> tuple[float, int]:
    from django.db import connection

    from roster.reads import list_cache

    list_cache.clear()
    started = seconds_with_database(connection)
    answer = request()
    taken = seconds_with_database(connection) - started
    content = getattr(answer, "content", None)
    return taken * 1000, len(content if content is not None else json.dumps(answer.body))


def roster_requests(data: Any) -> dict[str, Asking]:
    """Every list and item, with a limited key and as staff; each is prepared, and then asked."""
    from tests.client import ask
    from tests.wire.routes import DETAILS, LISTS

    paths = {route.path: f"{route.path}?pageSize=500" for route in LISTS}
    paths |= {route.path: route.of(data.number_of(route.path)) for route in DETAILS}
    return {
        f"{path} {name}": partial(partial, ask, key, asked)
        for path, asked in paths.items()
        for name, key in zip(("limited", "staff"), data.keys, strict=True)
    }


def lti_requests(data: Any) -> dict[str, Asking]:
    """Every way to ask the routes of LTI; each is prepared, and then asked."""
    from tests.lti.dimensions.questions import QUESTIONS

    return {
        f"{path} {way}".strip(): partial(prepare, data)
        for path, ways in QUESTIONS.items()
        for way, prepare in ways.items()
    }


if __name__ == "__main__":
    import logging

    import django
    from django.test.utils import setup_test_environment

    django.setup()
    logging.disable(logging.CRITICAL)
    setup_test_environment()

    from roster.passwords import OneAtATimeHasher

    OneAtATimeHasher.iterations = 1
    print(json.dumps(ask_all()))
    sys.stdout.flush()
