"""Fixtures that the whole suite shares."""

import gc
import pickle
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from roster import window_counters
from roster.history import change_tracking
from roster.passwords import OneAtATimeHasher
from roster.reads import list_cache
from tests.sample_data import SampleData

# How long an example takes depends on what else the machine does.
hypothesis_settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("untimed")

NEVER = 2**62
"""One request in so many."""


def pytest_collection_finish() -> None:
    """Leave what imports made out of garbage collection: it stays to the end, and walking it took 14 % of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)


@pytest.fixture(scope="session", autouse=True)
def _static_files_found_once() -> Iterator[None]:
    """WhiteNoise lists all static files whenever a client loads the middleware. They do not change during a run."""
    find = WhiteNoiseMiddleware.add_files_from_finders
    files: dict[str, Any] = {}

    def add_files(middleware: Any) -> None:
        if not files:
            find(middleware)
            files.update(middleware.files)
        middleware.files.update(files)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_cleanup_at_random() -> Iterator[None]:
    """Old rows are deleted after a request chosen at random, which would ask the database once more than others."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change_tracking, "TRIM_ONCE_IN", NEVER)
        patch.setattr(window_counters, "REMOVED_ONCE_IN", NEVER)
        yield


@pytest.fixture(scope="module")
def sample_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[bytes]:
    """The sample data, written once for a module and rolled back after its last test; pickled, which copies fastest."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        sample = SampleData()
    yield pickle.dumps(sample)
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def sample(sample_of_the_module: bytes, db: None) -> SampleData:
    """The sample data of tests/sample_data.py, in the database. Changes of a test are rolled back after the test."""
    sample: SampleData = pickle.loads(sample_of_the_module)  # noqa: S301 (our own)
    return sample


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of passwords that cost nothing."""
    monkeypatch.setattr(OneAtATimeHasher, "iterations", 1)


@pytest.fixture(autouse=True)
def _reset_counters(request: pytest.FixtureRequest) -> None:
    """On SQLite request counts are in a separate file, where the end of a test rolls nothing back."""
    is_stored = {"db", "transactional_db"} & {*request.fixturenames} or request.node.get_closest_marker("django_db")
    if request.config.option.sqlite and is_stored:
        request.getfixturevalue("_django_db_helper")
        window_counters._run(f"DELETE FROM {window_counters.TABLE}", {})  # noqa: S608 (our own table)


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    """Each test begins like a new process: what is taken back between tests was never noted as a change."""
    list_cache.clear()
