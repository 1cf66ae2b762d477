"""The range of days and instants that can be stored, as a constraint of every such column (docs/api.md, “Dates”).

Models declare their columns as `DayColumn` and `InstantColumn`, which add the constraint and validate in forms.
All values in the range can be printed in every zone and read back.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from roster import days

DAYS_SENTENCE = f"A day from {days.FIRST_DAY} to {days.LAST_DAY} is accepted."
INSTANTS_SENTENCE = f"An instant from {days.EARLIEST:%Y-%m-%d} to {days.LATEST:%Y-%m-%d} (UTC) is accepted."


def validate_day(day: Any) -> None:
    """Refuse a day outside the range."""
    if not days.FIRST_DAY <= day <= days.LAST_DAY:
        raise ValidationError(DAYS_SENTENCE, code="out_of_range")


def validate_instant(instant: Any) -> None:
    """Refuse an instant outside the range."""
    if not days.EARLIEST <= instant <= days.LATEST:
        raise ValidationError(INSTANTS_SENTENCE, code="out_of_range")


class FieldCheckConstraint(models.CheckConstraint):
    """A constraint on one column. In forms the field's validator checks the same rule without a query."""

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: Any = None) -> None:
        """Do nothing: the field has validated the value already."""

    def deconstruct(self) -> Any:
        _, args, kwargs = super().deconstruct()
        return "django.db.models.CheckConstraint", args, kwargs


class InRange(FieldCheckConstraint):
    """The value of a column is between two values."""


class RangeChecked:
    """A model field that adds a constraint to its model. Migrations contain the plain field."""

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
            name=f"{options.db_table}_{name}_in_range",
            violation_error_message=self.sentence,
        )
        options.constraints = [*options.constraints, constraint]
        options.original_attrs["constraints"] = options.constraints

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{self.plain.__name__}", args, kwargs


class DayColumn(RangeChecked, models.DateField):
    """A day in the range."""

    plain, first, last, sentence = models.DateField, days.FIRST_DAY, days.LAST_DAY, DAYS_SENTENCE
    default_validators = [validate_day]


class InstantColumn(RangeChecked, models.DateTimeField):
    """An instant in the range."""

    plain, first, last, sentence = models.DateTimeField, days.EARLIEST, days.LATEST, INSTANTS_SENTENCE
    default_validators = [validate_instant]
