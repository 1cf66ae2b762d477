"""Every column of an identifier has a constraint against what is met with and cannot be seen, on both databases."""

from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import Q

from roster.identifiers import INVISIBLE_PATTERN, NoInvisibleCharacters, identifiers
from tests.repository.test_ranges import label, write, write_a_row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FIELDS = identifiers()
REFUSED = [" a@b.edu", "a@b.edu ", *(f"a{text}b@c.edu" for text in INVISIBLE_PATTERN)]
TAKEN = ["a@b.edu", "a b", "josé", "a%b", "a_b", "A-1:%20", "学生"]


def constraints(field: Any) -> list[models.CheckConstraint]:
    return [
        each
        for each in field.model._meta.constraints
        if isinstance(each, NoInvisibleCharacters) and each.name.endswith(f"_{field.name}_has_nothing_hidden")
    ]


def test_a_column_that_is_kept_free_of_it_is_listed_and_validated_as_an_identifier() -> None:
    kept = {
        f"{model._meta.label}.{column}"
        for model in apps.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, NoInvisibleCharacters)
        for column in Q(constraint.condition).referenced_base_fields
    }

    assert kept == {label(field) for field in FIELDS}


@pytest.mark.parametrize("field", FIELDS, ids=label)
def test_the_database_refuses_what_cannot_be_seen_and_nothing_else(field: Any) -> None:
    (constraint,) = constraints(field)
    with transaction.atomic():  # taken back before anybody asks what the row refers to
        write_a_row(field.model)
        for text in REFUSED:
            with pytest.raises(IntegrityError, match=constraint.name), transaction.atomic():
                write(field, text)
        for text in TAKEN:
            with transaction.atomic():
                write(field, text)
        transaction.set_rollback(True)


@pytest.mark.parametrize("text", REFUSED)
def test_validation_refuses_all_that_the_database_does(text: str) -> None:
    assert {label(field) for field in FIELDS if not refuses(field, text)} == set()


def refuses(field: Any, text: str) -> bool:
    try:
        field.run_validators(text)
    except Exception as error:
        return "Spaces before or after it are not allowed." in str(error) or "an invisible character" in str(error)
    return False
