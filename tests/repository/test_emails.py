"""E-mail addresses are compared by `email_key` alone: whoever folds one finds other people by it."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import EmailField

from roster.names import SearchKeyField, email_key, search_key
from tests.repository.import_order import ORDER, ROOT

COLUMNS = {
    field.name
    for model in apps.get_models()
    if model._meta.app_label in ORDER
    for field in model._meta.fields
    if isinstance(field, EmailField)
}
FOLDING = {"fold", "casefold"}
"""What no address may be given to."""


def calls() -> Iterator[tuple[str, str, str]]:
    """Every call of the packages: its location, what is called, and the source of what it is called on and with."""
    for package in ORDER:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", name, ast.unparse(node)


def test_the_columns_are_known() -> None:
    assert {"campus_email", "preferred_email", "email"} == COLUMNS


def test_no_address_is_normalized() -> None:
    found = [location for location, name, source in calls() if name in FOLDING and "mail" in source]

    assert found == []


def test_no_address_is_filtered_or_stored_as_search_key() -> None:
    folded = [f"{model.__name__}.{f.name}" for model in apps.get_models() for f in model._meta.fields
              if isinstance(f, SearchKeyField) and f.sources & COLUMNS]  # fmt: skip
    filters = [location for location, name, source in calls() if name.startswith("Folded") and "mail" in source]

    assert (folded, filters) == ([], [])


@pytest.mark.parametrize("one, other", [("jose@x.edu", "josé@x.edu"), ("strauss@x.edu", "strauß@x.edu")])
def test_normalizing_would_take_them_for_one(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)
    assert email_key(one) != email_key(other)
