"""A generated campus that the tests of this folder read."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from memberships.synthetic.generator import CampusSpec, write_campus

TODAY = dt.date(2026, 10, 1)
SMALL = CampusSpec(users=400, organizations=40, memberships=4000, seed=7, today=TODAY)


@pytest.fixture(scope="module")
def campus_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[CampusSpec]:
    """A campus, written once for all tests of a module and taken back after the last."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        write_campus(SMALL, lambda rows: None)
    yield SMALL
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def campus(campus_of_the_module: CampusSpec, db: None) -> CampusSpec:
    """The plan of the campus that is in the database."""
    return campus_of_the_module
