"""Whatever there is many of, each list and each item asks the database as often as where there are few.

The dimensions are the relations of the models, and the routes those of the URL configuration.
"""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from roster.reads import list_cache
from tests.client import ask
from tests.wire.club import DIMENSIONS, Club, relations
from tests.wire.routes import DETAILS, LISTS

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

APPS = ("roster", "organizations", "memberships")
FEW, MANY = 2, 20


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
        list_cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = ask(key, path)
        assert answer.status == 200, path
        counted[key, path] = len(captured)
    return counted


def test_many_cost_no_query_more_than_few() -> None:
    """Few of everything are there; each dimension in turn has many, and is taken back."""
    club = Club()
    for more in DIMENSIONS.values():
        more(club, FEW)
    counts(club)
    few, many = counts(club), {}
    for dimension, more in DIMENSIONS.items():
        with transaction.atomic():
            more(club, MANY)
            many[dimension] = counts(club)
            transaction.set_rollback(True)

    assert many == dict.fromkeys(DIMENSIONS, few)
