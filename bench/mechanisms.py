"""What each mechanism for speed gains, by switching one off at a time: `make bench MECHANISMS=1`.

`python -m bench.mechanisms KEY` asks, in this process, on the database of DATABASE_URL, and prints processor
milliseconds a request as JSON; it reads the paths of each call from standard input. The gain of a mechanism is the
share of processor time, of this process and of its database connection together, that is saved with it.
"""

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

from bench import calls, markdown
from bench.databases import Campus, python
from bench.usage import seconds_with_database

TITLE = "What each mechanism gains"

ROUNDS = 3
"""Rounds, in each of which a call is measured with a mechanism and without it."""

ASKED = 10
"""Requests of a call in one measurement."""

SECONDS = 0.5
"""Seconds after which a measurement of slow requests ends."""

PAYS = 0.05
"""The share of a call's processor time that a mechanism has to save for at least one call."""

WRITE = "a membership saved"

Times = dict[str, dict[str, tuple[list[float], list[float]]]]
"""By mechanism and call: milliseconds a request with the mechanism, and without it."""


def paths(campus: Campus) -> dict[str, list[str]]:
    """What is asked, by the title of its call."""
    middle = calls.middle(campus, 4)
    return {
        **{call.title: call.paths(campus)[:ASKED] for call in calls.CALLS},
        "everything, 500 a page: in the middle": (middle * ASKED)[:ASKED],
        "modified since, 500 a page": (calls.modified(campus, 0) * ASKED)[:ASKED],
        "all holders of one position, page of 100": [
            calls.path(positionTemplateName="President", page=page) for page in range(1, 5)
        ],
    }


def measured(campus: Campus, day: dt.date) -> Iterator[str]:
    """The section of the report, as lines."""
    asked = json.dumps(paths(campus))
    command = ("-m", "bench.mechanisms", campus.key)
    times: Times = json.loads(python(campus.url, *command, input=asked, stdout=subprocess.PIPE).stdout)
    yield from markdown.heading(TITLE)
    yield from markdown.paragraph(
        f"{markdown.asked('make bench MECHANISMS=1', day)}, at {campus.size.title} memberships: processor time of the",
        "application in one process and of its database connection, with each mechanism and without it. The figure is",
        f"the share of the time without it that it saves, in the fastest of {ROUNDS} rounds; calls where it saves",
        f"less than {PAYS:.0%} are left out. Caches are filled, but for what a mechanism caches itself.",
    )
    yield ""
    rows = [["mechanism", "gains"]]
    for name, by_call in times.items():
        gains = {call: 1 - min(on) / min(off) for call, (on, off) in by_call.items()}
        gained = [f"{call}: {gain:.0%}" for call, gain in gains.items() if gain >= PAYS]
        rows.append([name, "; ".join(gained) or f"less than {PAYS:.0%} everywhere"])
    yield from markdown.table(rows)


Switch = Callable[[], Any]
"""Makes a context in which a mechanism is off."""


def switches() -> dict[str, Switch]:
    """Every mechanism that can be switched off, and how."""
    from psycopg.pq import Format

    from roster.api import authentication, authentication_query, views
    from roster.history import change_tracking
    from roster.reads import columns, compiled_list, key_cache, list_queries, raw_cursor, statements
    from roster.reads.lateral_pages import LateralPages
    from roster.reads.list_cache import ListCache
    from roster.reads.lru_cache import LRUCache

    def off(target: Any, name: str, value: Any) -> Switch:
        return lambda: patch.object(target, name, value)

    def recompiled(*patches: Switch) -> Switch:
        """With statements of its own."""

        @contextmanager
        def switched() -> Iterator[None]:
            with ExitStack() as stack:
                stack.enter_context(patch.object(compiled_list, "_list_queries", LRUCache(500)))
                for each in patches:
                    stack.enter_context(each())
                yield

        return switched

    def fetch_through_django(database: Any, sql: str, parameters: Any) -> list[Any]:
        database.ensure_connection()
        return raw_cursor._fetch_through_django(database, sql, parameters)

    def without_loaders(cursor: Any) -> Any:
        cursor.format = Format.BINARY
        return cursor

    fetch = raw_cursor._fetch

    def fetch_with_new_cursor(database: Any, sql: str, parameters: Any) -> list[Any]:
        raw_cursor._thread_cursor.cursor = None
        return fetch(database, sql, parameters)

    return {
        "compiled statements": off(views, "compiled_list", lambda view: None),
        "the raw cursor of a thread": off(raw_cursor, "_fetch", fetch_through_django),
        "... its being kept": off(raw_cursor, "_fetch", fetch_with_new_cursor),
        "loaders of days, instants and JSON": recompiled(
            off(raw_cursor, "_configure", without_loaders),
            off(raw_cursor, "_fetch", fetch_with_new_cursor),
            off(columns, "PRINTS_MILLISECONDS", frozenset()),
            off(statements, "READS_JSON", frozenset()),
        ),
        "pages of groups by LATERAL": recompiled(off(LateralPages, "of", lambda *arguments: None)),
        "deferred joins": recompiled(off(list_queries, "has_no_joined_order", lambda order: False)),
        "keyset checkpoints": off(ListCache, "nearest_checkpoint", lambda *arguments, **options: (0, None)),
        "the key cache": recompiled(off(key_cache, "uses_key_cache", lambda *arguments: False)),
        "cached totals": off(ListCache, "total", lambda cache, count, is_costly=False: count()),
        "the cached key object": off(authentication_query, "_key", authentication_query._key.__wrapped__),
        "authentication by one statement": off(authentication, "find_and_count_key", lambda *a, **k: None),
        "the log entry inside the writing statement": off(change_tracking, "track_changes", separately_tracked),
        "references released after an answer": off(views, "release_references", lambda response: None),
    }


@contextmanager
def separately_tracked() -> Iterator[None]:
    """Change tracking by a statement of its own, in one transaction with what is written."""
    from django.db import transaction

    from roster.history import change_tracking

    with transaction.atomic(savepoint=False):
        yield
        change_tracking.log_change()


def ask_all(key: str, asked: dict[str, list[str]]) -> Times:
    """Processor time of every call, with each mechanism and without it by turns."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    settings.DATABASE_TIMEOUT = 60  # pages far down the list take longer without checkpoints than a request may
    client = Client(headers={"Authorization": f"Bearer {key}", "Host": "localhost"})
    connection.ensure_connection()

    def get(path: str) -> None:
        response = client.get(path)
        if response.status_code != 200:
            raise RuntimeError(f"{path} was answered with {response.status_code}: {response.content[:300]!r}")

    def run(works: list[Callable[[], None]]) -> int:
        """How many were done within `SECONDS`."""
        ends, done = time.monotonic() + SECONDS, 0
        for work in works:
            work()
            done += 1
            if time.monotonic() > ends:
                break
        return done

    def time_of(works: list[Callable[[], None]]) -> float:
        """Milliseconds each, once they have filled the caches."""
        run(works)
        before = seconds_with_database(connection)
        done = run(works)
        return (seconds_with_database(connection) - before) * 1000 / done

    works: dict[str, list[Callable[[], None]]] = {
        title: [partial(get, path) for path in each] for title, each in asked.items()
    }
    works[WRITE] = [partial(save, row) for row in rows_to_save()]
    times: Times = {}
    for name, switch in switches().items():
        times[name] = {}
        for title, each in works.items():
            on: list[float] = []
            off: list[float] = []
            for _ in range(ROUNDS):
                on.append(time_of(each))
                with switch():
                    off.append(time_of(each))
            times[name][title] = on, off
    return times


def rows_to_save() -> list[Any]:
    from memberships.models import Membership

    return list(Membership.objects.order_by("-pk")[:ASKED])


def save(row: Any) -> None:
    """Change a membership in a transaction of its own."""
    row.shown_on_public = not row.shown_on_public
    row.save()


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(ask_all(sys.argv[1], json.load(sys.stdin))))
