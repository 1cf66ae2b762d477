"""A database whose tables do not fit the program is noticed, although its migrations are noted as done."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from roster.database import health
from roster.database.checks import check_tables
from roster.models import User
from tests.client import ask

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the database answer as if a table, or a column, were not there."""

    def lack(table: str, column: str = "") -> None:
        left = {one for one in health.columns() if one != (table, column) and (column or one[0] != table)}
        monkeypatch.setattr(health, "columns", lambda: left)

    return lack


def test_nothing_is_missing_in_a_migrated_database() -> None:
    assert health.missing() == []
    assert check_tables(databases=["default"]) == []


@pytest.mark.parametrize("model", apps.get_models(include_auto_created=True), ids=lambda model: model._meta.label)
def test_each_table_is_missed(model: Any, lacking: Any) -> None:
    lacking(model._meta.db_table)

    assert health.missing() == [model._meta.db_table]


def test_a_column_is_missed_by_readyz_and_by_check(lacking: Any) -> None:
    lacking(User._meta.db_table, "mobile_phone")

    assert health.missing() == ["roster_user.mobile_phone"]
    answer = ask(Client(), "/readyz")
    assert (answer.status, answer.body) == (503, {"status": "the tables do not fit the program: run manage.py check"})
    with pytest.raises(SystemCheckError, match=r"roster\.E020.* lacks roster_user\.mobile_phone"):
        call_command("check", stdout=StringIO(), stderr=StringIO())


def test_each_constraint_and_index_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    present = health.names()
    rules = [rule.name for model in apps.get_models() for rule in (*model._meta.constraints, *model._meta.indexes)]
    assert len(rules) > 100
    for name in rules:
        monkeypatch.setattr(health, "names", lambda name=name: present - {name})
        assert health.missing() == [f"constraint or index {name}"]


def test_an_index_that_was_dropped_is_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX user_by_sis_id")

    [error] = check_tables(databases=["default"])
    assert error.msg == "The database has every migration, and lacks constraint or index user_by_sis_id."


def test_a_database_that_is_not_migrated_yet_is_no_error(lacking: Any) -> None:
    lacking(User._meta.db_table)
    MigrationRecorder.Migration.objects.filter(app="memberships").delete()

    assert check_tables(databases=["default"]) == []
