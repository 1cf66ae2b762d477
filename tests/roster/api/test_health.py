"""`/healthz` reports that the process runs, `/readyz` that it can answer."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from tests.client import ask
from tests.roster.database_failures import failing
from tests.serving import serving

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("path", ["/healthz", "/healthz/"])
def test_the_process_lives_and_no_database_is_asked(path: str) -> None:
    answer = ask(None, path)  # without the mark for databases, a query would fail the test

    assert (answer.status, answer.body) == (200, {"status": "alive"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_probe_needs_no_host_name_and_no_https(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["roster.example.edu"]
    settings.SECURE_SSL_REDIRECT = True

    assert ask(None, "/healthz", headers={"Host": "10.0.0.7"}).status == 200


@pytest.mark.django_db
def test_it_is_ready_with_a_database_that_is_migrated() -> None:
    answer = ask(None, "/readyz")

    assert (answer.status, answer.body) == (200, {"status": "ready"})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_it_is_not_ready_while_a_migration_is_missing() -> None:
    MigrationRecorder.Migration.objects.filter(app="memberships").delete()

    answer = ask(Client(), "/readyz")  # of a process that has just begun

    assert (answer.status, answer.body) == (503, {"status": "migrations are missing: run manage.py migrate"})


@pytest.mark.django_db
def test_it_is_not_ready_while_the_database_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("the connection was refused")

    monkeypatch.setattr(connection, "cursor", fail)

    answer = ask(Client(), "/readyz")

    assert (answer.status, answer.body) == (503, {"status": "the database does not answer"})


def test_a_server_without_its_database_lives_and_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path, workers=1, DATABASE_URL="sqlite:////nowhere/roster.sqlite3") as site:
        alive, ready = site.ask("/healthz"), site.ask("/readyz")

    assert (alive.status, orjson.loads(alive.body)) == (200, {"status": "alive"})
    assert (ready.status, orjson.loads(ready.body)) == (503, {"status": "the database does not answer"})


@pytest.mark.django_db
def test_it_is_not_ready_while_a_standby_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roster.database.health.is_read_only", lambda: True)

    answer = ask(Client(), "/readyz")

    assert (answer.status, answer.body) == (503, {"status": "the database accepts no writes"})


@pytest.mark.django_db
def test_it_is_not_ready_while_nothing_can_be_written() -> None:
    with failing(text="PRAGMA user_version =" if connection.vendor == "sqlite" else "pg_current_xact_id"):
        answer = ask(Client(), "/readyz")

    assert (answer.status, answer.body) == (503, {"status": "the database accepts no writes"})
