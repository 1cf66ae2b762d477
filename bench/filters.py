"""What each filter of each list costs each caller with values that no cache knows: `make bench FILTERS=1`.

`python -m bench.filters` asks on the database of DATABASE_URL, and prints JSON: by list, filter and caller, processor
milliseconds of the slowest request, without the count of its total, and with it.
"""

import datetime as dt
import json
import random
import subprocess
from collections.abc import Callable, Iterator
from typing import Any
from unittest.mock import patch

from bench import markdown
from bench.databases import SEED, UNLIMITED, Campus, python
from bench.usage import seconds_with_database

TITLE = "Every filter with new values"

GOAL = 400
"""Milliseconds of processor time that a request may take, the count of an exact total aside."""

ASKED = 3
"""Requests of each list, filter and caller. The first compiles the statements, and does not count."""

ORGANIZATIONS = 300
"""Organizations of the limited key."""

YEAR = 365 * 24 * 3600 * 1000
"""Milliseconds."""

Times = dict[str, tuple[float, float]]


def measured(campus: Campus, day: dt.date) -> Iterator[str]:
    """The section of the report, as lines."""
    times: Times = json.loads(python(campus.url, "-m", "bench.filters", stdout=subprocess.PIPE).stdout)
    yield from markdown.heading(TITLE)
    yield from markdown.paragraph(
        f"{markdown.asked('make bench FILTERS=1', day)}, at {campus.size.title} memberships: processor time of the",
        "application in one process and of its database connection for each declared filter of each list, asked by",
        f"anonymous callers, a public, a campus and a staff key, and a key limited to {ORGANIZATIONS} organizations;",
        f"the slower of {ASKED - 1} values. The goal is {GOAL} ms without the count of an exact total.",
    )
    yield ""
    rows = [["list", "filters x callers", "slowest without count, ms", "slowest with count, ms", "over the goal"]]
    for name in sorted({key.split()[0] for key in times}):
        of_list = {key.partition(" ")[2]: spent for key, spent in times.items() if key.split()[0] == name}
        without, counted = (max((spent[i], key) for key, spent in of_list.items()) for i in (0, 1))
        over = [key for key, (spent, _) in of_list.items() if spent > GOAL]
        slowest = [f"{spent:.0f} ({key})" for spent, key in (without, counted)]
        rows.append([name, str(len(of_list)), *slowest, "; ".join(over) or "none"])
    yield from markdown.table(rows)


def ask_all() -> Times:
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from roster.reads.list_cache import ListCache
    from tests.wire.routes import LISTS

    settings.DATABASE_TIMEOUT = 60
    settings.PUBLIC_API = True
    settings.ANONYMOUS_RATE = int(UNLIMITED)
    connection.ensure_connection()
    rng = random.Random(SEED)
    counting = [0.0]
    total = ListCache.total

    def timed_total(cache: Any, count: Callable[[], int], is_costly: bool = False) -> int:
        started = seconds_with_database(connection)
        try:
            return total(cache, count, is_costly)
        finally:
            counting[0] += seconds_with_database(connection) - started

    def ask(headers: dict[str, str], path: str, name: str, value: str) -> tuple[float, float]:
        counting[0] = 0.0
        started = seconds_with_database(connection)
        response = Client(headers=headers).get(path, {name: value})
        taken = seconds_with_database(connection) - started
        if response.status_code not in {200, 403}:
            raise RuntimeError(f"{path}?{name}={value} was answered with {response.status_code}.")
        return (taken - counting[0]) * 1000, taken * 1000

    times: Times = {}
    with patch.object(ListCache, "total", timed_total):
        for caller, key in keys().items():
            headers = {"Host": "localhost", **({"Authorization": f"Bearer {key}"} if key else {})}
            for route in LISTS:
                view: Any = route.view
                for name, declared in view.filterset_class.base_filters.items():
                    model = view.queryset.model
                    values = [value_of(rng, model, declared) for _ in range(ASKED)]
                    spent = [ask(headers, route.path, name, value) for value in values][1:]
                    slowest = max(one for one, _ in spent), max(one for _, one in spent)
                    times[f"{route.path} {name}, {caller}"] = slowest
    return times


def keys() -> dict[str, str | None]:
    """The text of a key for each kind of caller; None for anonymous callers."""
    from organizations.models import LimitedKey, Organization
    from roster.models import ApiKey

    texts: dict[str, str | None] = {"anonymous": None}
    for audience in ("public", "campus", "staff"):
        _, texts[audience] = ApiKey.create_bearer(audience, audience=audience, rate=int(UNLIMITED))
    limited, texts["limited"] = ApiKey.create_bearer("limited", audience="campus", rate=int(UNLIMITED), is_limited=True)
    organizations = Organization.objects.order_by("pk").values_list("pk", flat=True)[: ORGANIZATIONS * 10 : 10]
    LimitedKey.objects.bulk_create(LimitedKey(api_key=limited, organization_id=each) for each in organizations)
    return texts


def value_of(rng: random.Random, model: Any, declared: Any) -> str:
    """A value of a filter: of a row chosen at random, or an instant within a year of the newest change."""
    from roster.api.parameters import FlagParameter, InstantField

    if labels := getattr(declared.field, "labels", None):
        return str(rng.choice(labels))
    if isinstance(declared.field, InstantField):
        return str(newest_change(model) - rng.randrange(YEAR))
    if isinstance(declared.field, FlagParameter):
        return "true"
    return str(stored_value(rng, model, declared.field_name))


def newest_change(model: Any) -> int:
    from roster import days

    return days.milliseconds(model._base_manager.order_by("-modified_at").values_list("modified_at", flat=True)[0])


def stored_value(rng: random.Random, model: Any, field: str) -> Any:
    """The value of a field in a row chosen at random among those that have one; 0 if 200 rows have none."""
    newest = model._base_manager.order_by("-pk").values_list("pk", flat=True)[0]
    for _ in range(200):
        after = model._base_manager.order_by("pk").filter(pk__gte=rng.randint(1, newest))
        value = after.values_list(field, flat=True).first()
        if value not in (None, ""):
            return value
    return 0


if __name__ == "__main__":
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    print(json.dumps(ask_all()))
