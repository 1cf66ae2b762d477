"""Every column of days or instants has the one range, as a named constraint and in validation (roster/ranges.py)."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from roster import days
from roster.ranges import DAYS_SENTENCE, INSTANTS_SENTENCE, DayColumn, InRange, InstantColumn
from tests.repository.import_order import ORDER

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

DATES: list[Any] = [
    field
    for package in ORDER
    if package != "config"
    for model in apps.get_app_config(package).get_models()
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateField)
]
KEPT = {
    DayColumn: ["1600-01-01", "9999-12-31"],
    InstantColumn: ["1600-01-01 00:00:00", "9999-12-30 23:59:59.999999"],
}
OUTSIDE = {
    DayColumn: ["1599-12-31", "0001-01-01"],
    InstantColumn: ["1599-12-31 23:59:59.999999", "0001-01-01 00:00:00", "9999-12-31 00:00:00", "9999-12-31 23:59:59"],
}
BEYOND = {
    "postgresql": ["10000-01-01", "infinity", "-infinity", "0044-03-15 BC"],
    "sqlite": ["10000-01-01", "infinity", "-infinity", ""],
}
"""What Python cannot even read."""
OF_A_ROW: dict[str, dict[str, Any]] = {
    "roster.ApiKey": {"secret_hash": "0" * 64, "private_key_encrypted": ""},
    "lti.ServiceKey": {"course_id": 1},
    "lti.ToolKey": {"public_jwk": {}},
    "lti.PlatformKey": {"public_jwk": {}, "signs": False, "retired_at": days.EARLIEST},
}
"""What other constraints ask of a row that has every text "x" and every number 1."""


TOGETHER = {"recorded_start": "membership_does_not_end_before_it_starts"}
TOGETHER["recorded_end"] = TOGETHER["recorded_start"]
"""Constraints that a value outside the range of a column may break before the range's own is asked."""


def label(field: Any) -> str:
    return f"{field.model._meta.label}.{field.name}"


def write_a_row(model: Any) -> Any:
    """A row that breaks no constraint; what it refers to is not there, which nobody asks before the end."""
    values: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if (
            (field.primary_key and not field.is_relation)
            or field.has_default()
            or (field.null and not field.is_relation)
        ):
            continue
        if field.is_relation:
            values[field.attname] = None if field.null else 1
        elif isinstance(field, models.DateTimeField):
            values[field.name] = days.EARLIEST
        elif isinstance(field, models.DateField):
            values[field.name] = days.FIRST_DAY
        elif isinstance(field, models.BooleanField):
            values[field.name] = True
        elif isinstance(field, models.CharField | models.TextField):
            values[field.name] = field.choices[0][0] if field.choices else "x"
        elif isinstance(field, models.IntegerField):
            values[field.name] = 1
    row = model(**{**values, **OF_A_ROW.get(model._meta.label, {})})
    model._base_manager.bulk_create([row])
    return row


def write(field: Any, value: str) -> None:
    """Write a value into the column of a row, in SQL, as what no form and no model has seen."""
    table, quote = field.model._meta.db_table, connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {quote(table)} SET {quote(field.column)} = %s", [value])  # noqa: S608


def test_there_are_such_columns() -> None:
    assert {"Membership.recorded_start", "User.last_login", "Tool.modified_at"} <= {
        label(field).partition(".")[2] for field in DATES
    }


@pytest.mark.parametrize("field", DATES, ids=label)
def test_a_column_is_declared_with_its_range(field: Any) -> None:
    options = field.model._meta
    name = f"{options.db_table}_{field.name}_in_range"

    assert type(field) in {DayColumn, InstantColumn}
    assert [type(each) for each in options.constraints if each.name == name] == [InRange]


@pytest.mark.parametrize("model", dict.fromkeys(field.model for field in DATES), ids=lambda model: model._meta.label)
def test_the_database_keeps_the_first_and_last_value_and_refuses_all_others(model: Any) -> None:
    with transaction.atomic():  # taken back before anybody asks what the row refers to
        write_a_row(model)
        for field in (field for field in DATES if field.model is model):
            name = f"{model._meta.db_table}_{field.name}_in_range"
            message = rf"\b({name}|{TOGETHER.get(field.name, name)})\b"
            for value in [*OUTSIDE[type(field)], *BEYOND[connection.vendor]]:
                with (
                    pytest.raises(IntegrityError, match=message),
                    transaction.atomic(),
                ):
                    write(field, value)
            for value in KEPT[type(field)]:
                with transaction.atomic():
                    write(field, value)
                    transaction.set_rollback(True)
        transaction.set_rollback(True)


@pytest.mark.parametrize("field", DATES, ids=label)
def test_validation_says_what_is_accepted(field: Any) -> None:
    one = dt.timedelta(microseconds=1)
    kept: list[Any]
    outside: list[Any]
    if isinstance(field, models.DateTimeField):
        kept, outside, sentence = (
            [days.EARLIEST, days.LATEST],
            [days.EARLIEST - one, days.LATEST + one],
            INSTANTS_SENTENCE,
        )
    else:
        kept, outside, sentence = (
            [days.FIRST_DAY, days.LAST_DAY],
            [days.FIRST_DAY - dt.timedelta(days=1), dt.date.min],
            DAYS_SENTENCE,
        )

    for value in kept:
        field.run_validators(value)
    for value in outside:
        with pytest.raises(ValidationError) as error:
            field.run_validators(value)
        assert error.value.messages == [sentence]
