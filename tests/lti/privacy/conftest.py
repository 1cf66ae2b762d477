"""The organizations of every combination, written once for all tests of a module and taken back after the last."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from lti.models import PlatformKey
from tests.lti.privacy.campus import Club, written


@pytest.fixture(scope="module")
def clubs_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Club]]:
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        clubs = written()
        PlatformKey.signing()  # which takes a while
    yield clubs
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def club(clubs_of_the_module: list[Club], db: None) -> Club:
    """The one that everybody may know of."""
    return clubs_of_the_module[0]


@pytest.fixture
def hidden(clubs_of_the_module: list[Club], db: None) -> Club:
    """The hidden one."""
    return clubs_of_the_module[1]
