"""The organizations of every combination, written once for all tests of a module and taken back after the last."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from lti.models import PlatformKey
from tests.lti.privacy.campus import SampleGroup, written


@pytest.fixture(scope="module")
def groups_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[SampleGroup]]:
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        groups = written()
        PlatformKey.signing()  # which takes a while
    yield groups
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def group(groups_of_the_module: list[SampleGroup], db: None) -> SampleGroup:
    """The one that everybody may know of."""
    return groups_of_the_module[0]


@pytest.fixture
def hidden(groups_of_the_module: list[SampleGroup], db: None) -> SampleGroup:
    """The hidden one."""
    return groups_of_the_module[1]
