"""Whatever there is many of, each list and each item asks the database as often as where there are few.

The dimensions are the relations of the models, and the routes those of the URL configuration.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roster.api.fast import remembered
from tests.client import ask
from tests.wire.club import DIMENSIONS, Club, relations
from tests.wire.routes import DETAILS, LISTS

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

APPS = ("roster", "organizations", "memberships")
FEW, MANY = 2, 60


def test_every_relation_is_a_dimension() -> None:
    """Those to people who sign in aside; those of LTI have a test of their own."""
    assert sorted(DIMENSIONS) == sorted(relations(APPS, APPS))


def questions(club: Club) -> list[tuple[str, str]]:
    """Every list and item, asked with every key."""
    paths = [f"{route.path}?pageSize=500" for route in LISTS]
    paths += [route.of(club.number_of(route.path)) for route in DETAILS]
    return [(key, path) for key in club.keys for path in paths]


def counts(club: Club) -> dict[tuple[str, str], int]:
    """How often each question asks the database, once the process knows its shape."""
    counted = {}
    for key, path in questions(club):
        for _ in range(2):
            remembered.forget()
            with CaptureQueriesContext(connection) as captured:
                answer = ask(key, path)
            assert answer.status == 200, path
        counted[key, path] = len(captured)
    return counted


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_many_cost_no_query_more_than_few(dimension: str) -> None:
    club = Club()
    more = DIMENSIONS[dimension]
    more(club, FEW)
    few = counts(club)
    more(club, MANY)

    assert counts(club) == few
