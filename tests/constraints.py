"""Rules of the data, broken on purpose: a row that breaks one rule and no other, written past the models' validation.

A `tests/<package>/test_constraints.py` names a violation for every constraint of its package's models in `VIOLATIONS`.
The ranges of days and instants are broken column by column in tests/repository/test_ranges.py, the rules of
identifiers in tests/repository/test_identifiers.py.
"""

from collections.abc import Callable, Mapping

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import BaseConstraint, Model, UniqueConstraint

from roster.ranges import FieldCheckConstraint
from tests.sample_data import SampleData

Violations = Mapping[str, Callable[[SampleData], Model]]
"""By the name of each constraint, a row that would break it."""


def constraints_of(package: str) -> dict[str, BaseConstraint]:
    """The constraints of a package's models, by name, but for those that a field validates itself."""
    models = apps.get_app_config(package).get_models()
    constraints = [constraint for model in models for constraint in model._meta.constraints]
    return {
        constraint.name: constraint for constraint in constraints if not isinstance(constraint, FieldCheckConstraint)
    }


def assert_the_database_refuses(row: Model, name: str) -> None:
    """The row cannot be written, because of this constraint."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        type(row)._base_manager.bulk_create([row])
    constraint = constraints_of(row._meta.app_label)[name]
    if connection.vendor == "postgresql":
        assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]
    elif isinstance(constraint, UniqueConstraint):  # SQLite names its columns
        named = {field.name: field.column for field in row._meta.fields}
        columns = [f"{row._meta.db_table}.{named[name]}" for name in constraint.fields]
        assert str(error.value) == f"UNIQUE constraint failed: {', '.join(columns)}"
    else:
        assert str(error.value) == f"CHECK constraint failed: {name}"


def assert_validation_refuses(row: Model, name: str) -> None:
    """Validating the row gives the message of this constraint, and of no other."""
    with pytest.raises(ValidationError) as error:
        row.validate_constraints()
    assert error.value.messages == [constraints_of(row._meta.app_label)[name].violation_error_message]
    with pytest.raises(ValidationError):
        row.full_clean()
