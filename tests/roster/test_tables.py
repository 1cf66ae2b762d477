"""A database whose tables do not match the program is detected, although its migrations are recorded as applied."""

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
        left = {
            key: value
            for key, value in health.columns().items()
            if key != (table, column) and (column or key[0] != table)
        }
        monkeypatch.setattr(health, "columns", lambda: left)

    return lack


def test_nothing_is_missing_in_a_migrated_database() -> None:
    assert health.mismatches() == []
    assert check_tables(databases=["default"]) == []


@pytest.mark.parametrize("model", apps.get_models(include_auto_created=True), ids=lambda model: model._meta.label)
def test_each_table_is_missed(model: Any, lacking: Any) -> None:
    lacking(model._meta.db_table)

    assert health.mismatches() == [f"{model._meta.db_table} is missing"]


def test_a_column_is_missed_by_readyz_and_by_check(lacking: Any) -> None:
    lacking(User._meta.db_table, "mobile_phone")

    assert health.mismatches() == ["roster_user.mobile_phone is missing"]
    answer = ask(Client(), "/readyz")
    assert (answer.status, answer.body) == (503, {"status": "the tables do not match the program: run manage.py check"})
    with pytest.raises(SystemCheckError, match=r"roster\.E020.* program: roster_user\.mobile_phone is missing"):
        call_command("check", stdout=StringIO(), stderr=StringIO())


def test_each_constraint_and_index_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    present = health.names()
    rules = [rule.name for model in apps.get_models() for rule in (*model._meta.constraints, *model._meta.indexes)]
    assert len(rules) > 100
    for name in rules:
        monkeypatch.setattr(health, "names", lambda name=name: present - {name})
        assert health.mismatches() == [f"constraint or index {name} is missing"]


def test_an_index_that_was_dropped_is_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX user_by_sis_id")

    [error] = check_tables(databases=["default"])
    assert error.msg.endswith("does not match the program: constraint or index user_by_sis_id is missing.")


@pytest.mark.parametrize("model", apps.get_models(include_auto_created=True), ids=lambda model: model._meta.label)
def test_each_column_of_another_type_or_nullability_is_reported(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    present = health.columns()
    for field in model._meta.local_concrete_fields:
        key, column = (model._meta.db_table, field.column), present[model._meta.db_table, field.column]
        name = ".".join(key)
        changed = {**present, key: column._replace(kind="varchar(3)")}
        monkeypatch.setattr(health, "columns", lambda changed=changed: changed)
        [message] = health.mismatches()
        assert message.startswith(f"{name} is varchar(3) and not ")

        changed = {**present, key: column._replace(may_be_null=not field.null)}
        monkeypatch.setattr(health, "columns", lambda changed=changed: changed)
        expected = [] if field.primary_key else [f"{name} {'may not' if field.null else 'may'} be null"]
        assert health.mismatches() == expected


@pytest.mark.parametrize("rest", ["", " NOT NULL DEFAULT 'x'"])
def test_a_column_that_no_model_has_is_no_matter_where_it_may_be_left_out(rest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE roster_user ADD COLUMN pronouns varchar(40){rest}")

    assert health.mismatches() == []


def test_a_column_that_no_model_has_and_is_required_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    needed = {("roster_user", "pronouns"): health.Column("varchar(40)", may_be_null=False, has_default=False)}
    present = health.columns()
    monkeypatch.setattr(health, "columns", lambda: present | needed)

    assert health.mismatches() == ["roster_user.pronouns is needed, and no model has it"]


def test_a_database_that_is_not_migrated_yet_is_no_error(lacking: Any) -> None:
    lacking(User._meta.db_table)
    MigrationRecorder.Migration.objects.filter(app="memberships").delete()

    assert check_tables(databases=["default"]) == []
