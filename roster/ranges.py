"""The one range of days and instants that are kept, as a named constraint of every such column (docs/api.md, “Dates”).

Models declare their columns as `DayField` and `InstantField`, which add the constraint and validate in forms. Whatever
lies in the range can be printed in every zone, and read back.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management import CommandError
from django.db import models
from django.db.migrations.operations.base import Operation

from roster import days

DAYS_SENTENCE = f"A day from {days.FIRST_DAY} to {days.LAST_DAY} is accepted."
INSTANTS_SENTENCE = f"An instant from {days.EARLIEST:%Y-%m-%d} to {days.LATEST:%Y-%m-%d} (UTC) is accepted."

MOST_NAMED = 10
"""Rows of a column that are named when a migration finds values outside the range."""

BEFORE_ROWS = (
    f"Nothing was migrated: days are kept from {days.FIRST_DAY} to {days.LAST_DAY}, instants from "
    f"{days.EARLIEST:%Y-%m-%d} to {days.LATEST:%Y-%m-%d} (UTC), and these lie outside."
)
AFTER_ROWS = (
    "Give each another value in SQL (`manage.py dbshell`), or NULL where the column may be empty, and migrate again."
)


def validate_day(day: Any) -> None:
    """Refuse a day outside the range."""
    if not days.FIRST_DAY <= day <= days.LAST_DAY:
        raise ValidationError(DAYS_SENTENCE, code="out_of_range")


def validate_instant(instant: Any) -> None:
    """Refuse an instant outside the range."""
    if not days.EARLIEST <= instant <= days.LATEST:
        raise ValidationError(INSTANTS_SENTENCE, code="out_of_range")


class CheckedByField(models.CheckConstraint):
    """A rule of one column. The field's validator says so in forms, without asking the database."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """The field has validated it already."""

    def deconstruct(self) -> Any:
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs


class InRange(CheckedByField):
    """A column lies between two values."""


class Ranged:
    """A field of a model that adds a constraint to it. Migrations know it as the plain field."""

    plain: type[models.Field]
    first: Any
    last: Any
    sentence: str

    def contribute_to_class(self, cls: Any, name: str, *args: Any, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, *args, **kwargs)  # type: ignore[misc]
        options = cls._meta
        if options.abstract:
            return
        constraint = InRange(
            condition=models.Q(**{f"{name}__range": (self.first, self.last)}),
            name=f"{options.app_label}_{options.model_name}_{name}_in_range",
            violation_error_message=self.sentence,
        )
        options.constraints = [*options.constraints, constraint]
        options.original_attrs["constraints"] = options.constraints

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs


class DayField(Ranged, models.DateField):
    """A day of the range."""

    plain, first, last, sentence = models.DateField, days.FIRST_DAY, days.LAST_DAY, DAYS_SENTENCE
    default_validators = [validate_day]


class InstantField(Ranged, models.DateTimeField):
    """An instant of the range."""

    plain, first, last, sentence = models.DateTimeField, days.EARLIEST, days.LATEST, INSTANTS_SENTENCE
    default_validators = [validate_instant]


class AddRanges(Operation):
    """A step of a migration that adds such constraints (AddConstraint), to each table all at once.

    SQLite writes a table anew for it. Where a row breaks one, the step stops, and says which and what to do: no value
    is changed silently.
    """

    reduces_to_sql = True
    reversible = True
    before, after = BEFORE_ROWS, AFTER_ROWS
    """What is said before and after the rows that break one."""

    def __init__(self, added: Sequence[Any]) -> None:
        self.added = added

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.added], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model in dict.fromkeys(step.model_name for step in self.added):  # each is rendered anew but once
            options = state.models[app_label, model].options
            added = [step.constraint for step in self.added if step.model_name == model]
            options["constraints"] = [*options.get("constraints", []), *added]
            state.reload_model(app_label, model, delay=True)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        found = [
            line
            for step in self.added
            for line in self.offending(
                from_state.apps.get_model(app_label, step.model_name), step.constraint, schema_editor
            )
        ]
        if found:
            raise CommandError("\n".join([self.before, *found, self.after]))
        self._write(app_label, schema_editor, to_state, schema_editor.add_constraint)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._write(app_label, schema_editor, to_state, schema_editor.remove_constraint)

    def _write(self, app_label: str, schema_editor: Any, to_state: Any, change: Callable[..., None]) -> None:
        """Add or remove the constraints. SQLite takes all that the new state has with the first of a table."""
        done = set()
        for step in self.added:
            if not (is_written_anew(schema_editor) and step.model_name in done):
                change(to_state.apps.get_model(app_label, step.model_name), step.constraint)
            done.add(step.model_name)

    def offending(self, model: Any, constraint: Any, schema_editor: Any) -> list[str]:
        """The rows that break a constraint, a line each."""
        return outside(model, column_of(constraint), schema_editor)

    def describe(self) -> str:
        return "Keep days and instants in their range"


def is_written_anew(schema_editor: Any) -> bool:
    """Does this database change the constraints of a table by writing the table anew?"""
    return hasattr(schema_editor, "_remake_table")


def column_of(constraint: Any) -> str:
    """The column that a constraint of this module is about."""
    ((lookup, _),) = constraint.condition.children
    return str(lookup).removesuffix("__range")


def outside(model: Any, column: str, schema_editor: Any) -> list[str]:
    """The rows whose column lies outside the range, a line each. Values are read as text: not all are dates."""
    connection, field = schema_editor.connection, model._meta.get_field(column)
    is_instant = isinstance(field, models.DateTimeField)
    bounds = (days.EARLIEST, days.LATEST) if is_instant else (days.FIRST_DAY, days.LAST_DAY)
    quote: Callable[[str], str] = connection.ops.quote_name
    table, key = quote(model._meta.db_table), quote(str(model._meta.pk.column))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, CAST({quote(column)} AS text) FROM {table} "  # noqa: S608 (our own names)
            f"WHERE {quote(column)} < %s OR {quote(column)} > %s ORDER BY {key}",
            [field.get_db_prep_value(bound, connection) for bound in bounds],
        )
        rows = cursor.fetchmany(MOST_NAMED + 1)
    lines = [f"{model._meta.db_table} {number}: {column} is {value}" for number, value in rows[:MOST_NAMED]]
    return [*lines, f"{model._meta.db_table}: more of {column}"] if len(rows) > MOST_NAMED else lines
