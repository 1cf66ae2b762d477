"""Server time of the main calls on SQLite with 200 thousand memberships, in one process: `make bench SQLITE=1`.

`python -m bench.sqlite KEY ASKED` asks, on the database of DATABASE_URL, and prints milliseconds by call as JSON.
"""

import datetime as dt
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import markdown
from bench.databases import SEED, SMALL, UNLIMITED, generate, manage, python, schema
from bench.figures import Spread
from bench.machine import folder

TITLE = "SQLite"

GOAL = 10
"""Milliseconds of processor time that each call may take, in the middle of its requests."""

Times = dict[str, list[float]]


def database() -> str:
    """The URL of a campus in a file, made once under this schema and kept."""
    kept = folder() / "sqlite"
    file = kept / f"campus_{SMALL.name}_{schema()}.sqlite3"
    if not file.exists():
        print(f"Loading {SMALL.title} memberships into SQLite, once ...", flush=True)
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        url = f"sqlite:///{file}.loading"
        manage(url, "migrate", "--no-input", "--verbosity", "0")
        generate(url, SMALL)
        Path(f"{file}.loading").rename(file)
    return f"sqlite:///{file}"


def measured(day: dt.date, asked: int = 100) -> Iterator[str]:
    """The section of the report, as lines."""
    url = database()
    options = ("--audience", "campus", "--rate", UNLIMITED)
    key = manage(url, "create_api_key", "benchmark", *options, capture_output=True).stdout.strip()
    times: Times = json.loads(python(url, "-m", "bench.sqlite", key, str(asked), stdout=subprocess.PIPE).stdout)
    yield from markdown.heading(TITLE)
    yield from markdown.paragraph(
        f"{markdown.asked('make bench SQLITE=1', day)}: the application in one process, {asked} requests of each call,",
        f"at {SMALL.title} memberships. Organizations are drawn by size; the figure is processor time,",
        f"the SQLite library included. The goal is {GOAL} ms.",
    )
    yield ""
    rows = [["call", "processor, ms a request: median (least–most)", "first request, ms", "holds"]]
    for title, (first, *others) in times.items():
        found = Spread.of(others)
        rows.append([title, str(found), f"{first:.1f}", "yes" if found.middle < GOAL else "NO"])
    yield from markdown.table(rows)


def ask_all(key: str, asked: int) -> Times:
    """Processor time of requests to the application itself, the first of a call apart: it compiles the call."""
    import django

    django.setup()

    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    times: Times = {}
    for title, queries in drawn(asked).items():
        times[title] = [ask(application, key, query) for query in queries]
    return times


def drawn(asked: int) -> dict[str, list[dict[str, Any]]]:
    """What is asked of each call: organizations more often the larger they are, people, and the newest changes."""
    from django.db.models import Count

    from memberships.models import Membership
    from organizations.models import Organization
    from roster import days
    from roster.models import User

    chance = random.Random(SEED)
    sizes = Organization.objects.filter(directory_visibility="visible").annotate(size=Count("positions__memberships"))
    large = list(sizes.filter(size__gte=500).order_by("pk").values_list("pk", "size"))
    organizations = chance.choices([pk for pk, _ in large], [size for _, size in large], k=asked + 1)
    people = chance.choices(list(User.objects.order_by("pk").values_list("pk", "username")), k=asked + 1)
    newest = Membership.objects.order_by("-modified_at").values_list("modified_at", flat=True)
    since = days.milliseconds(newest[800])
    again = range(asked + 1)
    return {
        "an organization's roster, page of 100": [{"organizationId": number} for number in organizations],
        "an organization's roster, page of 500": [{"organizationId": n, "pageSize": 500} for n in organizations],
        "one user's memberships, by id": [{"userId": number} for number, _ in people],
        "one user's memberships, by username": [{"username": name} for _, name in people],
        "an organization's current members on the public roster": [
            {"organizationId": number, "currentMembershipsOnly": "true", "publicPrivacyFilter": "true"}
            for number in organizations
        ],
        "everything, page 1 of 100": [{} for _ in again],
        "modified since, page of 100": [{"ModifiedOnStart": since} for _ in again],
        "modified since, page of 500": [{"ModifiedOnStart": since, "pageSize": 500} for _ in again],
    }


def ask(application: Any, key: str, query: dict[str, Any]) -> float:
    """Milliseconds of processor time of one request. RuntimeError when it is not answered with 200."""
    statuses: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/memberships",
        "QUERY_STRING": urlencode(query),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_X_ENGAGE_API_KEY": key,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": sys.stderr,
    }
    started = time.process_time()
    answer = application(environ, lambda status, headers: statuses.append(status))
    body = b"".join(answer)
    if close := getattr(answer, "close", None):
        close()
    taken = time.process_time() - started
    if not statuses or not statuses[0].startswith("200"):
        raise RuntimeError(f"{query} was answered with {statuses}: {body[:300]!r}")
    return taken * 1000


if __name__ == "__main__":
    print(json.dumps(ask_all(sys.argv[1], int(sys.argv[2]))))
