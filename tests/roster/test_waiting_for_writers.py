"""How long a request waits for another writer of an SQLite file (`roster/database/`)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import ConnectionHandler

from roster.database import time_budget

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The connection of a thread that answers requests, to a file of its own."""
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE"}
    database = {"ENGINE": "roster.database.sqlite3", "NAME": str(tmp_path / "roster.sqlite3"), "OPTIONS": options}
    connections = ConnectionHandler({"default": database})
    monkeypatch.setattr(transaction, "get_connection", lambda using=None: connections["default"])
    time_budget.start()
    yield connections["default"]
    time_budget.end()
    connections["default"].close()


def patience(connection: Any) -> int:
    """Milliseconds for which the connection waits for a lock."""
    with transaction.atomic(), connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])


def test_a_write_waits_nearly_as_long_as_its_request_may(file: Any) -> None:
    assert patience(file) == 4500


def test_a_probe_waits_less_and_the_next_request_as_ever(file: Any) -> None:
    time_budget.limit(3)
    assert patience(file) == 2700

    time_budget.start()
    assert patience(file) == 4500


def test_a_request_without_time_left_does_not_wait(file: Any) -> None:
    time_budget.limit(-1)
    assert patience(file) == 0


def test_a_command_waits_as_the_settings_say(file: Any) -> None:
    time_budget.end()
    assert patience(file) == 20_000
