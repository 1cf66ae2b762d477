"""Whatever there is many of, each list and each item asks the database as often as where there are few.

The dimensions are the relations of the models, and the routes those of the URL configuration.
"""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from roster.reads import list_cache
from tests.client import ask
from tests.wire.routes import DETAILS, LISTS
from tests.wire.sample_organization import DIMENSIONS, SampleOrganization, relations

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

APPS = ("roster", "organizations", "memberships")
FEW, MANY = 2, 20


def test_every_relation_is_a_dimension() -> None:
    """Those to people who sign in aside; those of LTI have a test of their own."""
    assert sorted(DIMENSIONS) == sorted(relations(APPS, APPS))


def questions(sample: SampleOrganization) -> list[tuple[str, str]]:
    """Every list and item, asked with every key."""
    paths = [f"{route.path}?pageSize=500" for route in LISTS]
    paths += [route.of(sample.number_of(route.path)) for route in DETAILS]
    return [(key, path) for key in sample.keys for path in paths]


def counts(sample: SampleOrganization) -> dict[tuple[str, str], int]:
    """The number of database queries of each request, after the process has compiled its query."""
    counted = {}
    for key, path in questions(sample):
        list_cache.clear()
        with CaptureQueriesContext(connection) as captured:
            answer = ask(key, path)
        assert answer.status == 200, path
        counted[key, path] = len(captured)
    return counted


def test_many_cost_no_query_more_than_few() -> None:
    """Few of everything are there; each dimension in turn has many, and is taken back."""
    sample = SampleOrganization()
    for more in DIMENSIONS.values():
        more(sample, FEW)
    counts(sample)
    few, many = counts(sample), {}
    for dimension, more in DIMENSIONS.items():
        with transaction.atomic():
            more(sample, MANY)
            many[dimension] = counts(sample)
            transaction.set_rollback(True)

    assert many == dict.fromkeys(DIMENSIONS, few)
