"""Fixtures that the whole suite shares."""

import pickle
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from roster import counts
from roster.api.fast import remembered
from roster.passwords import OneAtATimeHasher
from tests.cast import Cast


@pytest.fixture(scope="module")
def cast_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[bytes]:
    """The cast, written once for all tests of a module and taken back after the last; pickled, which copies fastest."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        cast = Cast()
    yield pickle.dumps(cast)
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def cast(cast_of_the_module: bytes, db: None) -> Cast:
    """The cast of tests/cast.py, in the database. What a test does to it is taken back after the test."""
    cast: Cast = pickle.loads(cast_of_the_module)  # noqa: S301 (our own)
    return cast


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords that cost nothing."""
    monkeypatch.setattr(OneAtATimeHasher, "iterations", 1)


@pytest.fixture(autouse=True)
def _nothing_counted(request: pytest.FixtureRequest) -> None:
    """On SQLite counts stand in a file of their own, where the end of a test takes nothing back."""
    is_stored = {"db", "transactional_db"} & {*request.fixturenames} or request.node.get_closest_marker("django_db")
    if request.config.option.sqlite and is_stored:
        request.getfixturevalue("_django_db_helper")
        counts._run(f"DELETE FROM {counts.TABLE}", {})  # noqa: S608 (our own table)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """Each test begins like a new process: what is taken back between tests was never noted as a change."""
    remembered.forget()
