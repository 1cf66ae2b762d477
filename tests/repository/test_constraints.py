"""Every rule of the data is a named constraint with a message, and a test breaks it."""

import importlib

import pytest

from tests.constraints import constraints_of
from tests.repository.import_order import ORDER

PACKAGES = [package for package in ORDER if package != "config"]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_constraint_has_a_violation(package: str) -> None:
    violations = importlib.import_module(f"tests.{package}.test_constraints").VIOLATIONS

    assert sorted(violations) == sorted(constraints_of(package))


@pytest.mark.parametrize("package", PACKAGES)
def test_every_constraint_says_what_it_asks_in_a_sentence(package: str) -> None:
    for constraint in constraints_of(package).values():
        assert constraint.violation_error_message != constraint.default_violation_error_message
        assert str(constraint.violation_error_message).endswith(".")
