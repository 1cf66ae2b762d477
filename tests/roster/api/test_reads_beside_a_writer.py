"""A read with a key waits for no writer of the roster, and is counted all the same."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import URLPattern, get_resolver

from roster.models import User
from tests.client import new_client
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

BEGIN = {"postgresql": "BEGIN", "sqlite": "BEGIN IMMEDIATE"}
NO_WAITING = {"postgresql": "SET lock_timeout = 1", "sqlite": "PRAGMA busy_timeout = 0"}


@pytest.fixture
def people() -> SampleData:
    return SampleData()


@pytest.fixture
def writer(people: SampleData) -> Iterator[Any]:
    """Another connection, in the middle of changing all people. Who waits for it fails at once."""
    other: Any = connection.copy()
    other.cursor().execute(BEGIN[connection.vendor])
    other.cursor().execute(f"UPDATE {User._meta.db_table} SET last_name = 'Nobody'")  # noqa: S608 (our own table)
    connection.cursor().execute(NO_WAITING[connection.vendor])
    yield other
    other.cursor().execute("ROLLBACK")
    other.close()
    connection.close()


def paths(sample: SampleData) -> list[str]:
    """Every path of the API that a key may read."""
    numbers = {"users": sample.amara.pk, "organizations": sample.chess_club.pk}
    found = []
    for route in routes(get_resolver().url_patterns):
        resource, _, rest = route.replace("^", "").replace("$", "").removeprefix("api/").partition("/")
        if route.startswith("api/") and resource not in {"idtoken", "launches"}:
            found.append(f"/api/{resource}/" + (str(numbers.get(resource, 1)) if rest else ""))
    return sorted(set(found))


def routes(patterns: list[Any], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


def test_every_read_is_answered_and_counted(people: SampleData, writer: Any) -> None:
    client = new_client()

    answers = {path: client.get(path, headers={"X-Engage-Api-Key": people.staff_key}) for path in paths(people)}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code not in {200, 404}} == {}
    limited = [answer for answer in answers.values() if "X-RateLimit-Limit" in answer]
    counted = [int(answer["X-RateLimit-Limit"]) - int(answer["X-RateLimit-Remaining"]) for answer in limited]
    assert counted == list(range(1, len(counted) + 1))
    assert len(counted) >= 9  # lists and single items of four resources, and /api/test
