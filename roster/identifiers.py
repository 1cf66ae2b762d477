"""What databases refuse in identifiers, as named constraints: the commonest that `validate_identifier` refuses.

No database knows which characters cannot be seen, and SQLite knows regular expressions only while this program asks.
So the constraints name the spaces and the invisible characters that are met with, and validators know the rest.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from roster.names import email_key, fold, is_identifier, is_invisible, validate_identifier
from roster.ranges import MOST_NAMED, AddRanges, CheckedByField

HIDDEN = (
    *("  ", "\t", "\n", "\r", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e"),
    *("\u2060", "\u3000", "\ufeff"),
)
"""What no identifier holds: spaces other than single usual ones, joiners, direction marks, soft hyphens, a BOM."""

SENTENCE = "No spaces stand around it, and nothing that cannot be seen stands in it."


class NothingHidden(CheckedByField):
    """A column holds an identifier."""


def nothing_hidden(prefix: str, *columns: str) -> list[models.CheckConstraint]:
    """The constraints of a model's identifiers; their names begin with the prefix."""
    return [
        NothingHidden(
            condition=is_clean(column), name=f"{prefix}_{column}_has_nothing_hidden", violation_error_message=SENTENCE
        )
        for column in columns
    ]


def is_clean(column: str) -> models.Q:
    """Has a column neither spaces around it nor anything of `HIDDEN` in it?"""
    hidden = models.Q(**{f"{column}__startswith": " "}) | models.Q(**{f"{column}__endswith": " "})
    for text in HIDDEN:
        hidden |= models.Q(**{f"{column}__contains": text})
    return ~hidden


class AddNothingHidden(AddRanges):
    """A step of a migration that adds such constraints. Where a row breaks one it stops, and names the row."""

    before = (
        "Nothing was migrated: identifiers have no spaces around them and nothing that cannot be seen in them, and "
        "these have."
    )
    after = (
        "`manage.py list_bad_identifiers` lists them all, and which would be the same as another. Change each in SQL "
        "(`manage.py dbshell`), and migrate again."
    )

    def offending(self, model: Any, constraint: Any, schema_editor: Any) -> list[str]:
        (column,) = constraint.condition.referenced_base_fields
        rows = model._base_manager.using(schema_editor.connection.alias).filter(~constraint.condition).order_by("pk")
        found = list(rows.values_list("pk", column)[: MOST_NAMED + 1])
        table = model._meta.db_table
        lines = [f"{table} {number}: {column} is {value!a}" for number, value in found[:MOST_NAMED]]
        return [*lines, f"{table}: more of {column}"] if len(found) > MOST_NAMED else lines

    def describe(self) -> str:
        return "Keep identifiers free of what cannot be seen"


def identifiers() -> list[Any]:
    """Every column that holds an identifier."""
    return [field for model in apps.get_models() for field in model._meta.concrete_fields if is_identifier(field)]


def comparable(field: Any, text: str) -> str:
    """What remains of an identifier when everything is taken away by which it only seems another."""
    seen = "".join(char for char in text if not is_invisible(char) or char.isspace())
    plain = " ".join(seen.split())
    if isinstance(field, models.EmailField):
        return email_key(plain)
    return fold(plain) if field.name == "username" else plain


def refused(field: Any) -> Iterator[tuple[Any, str, str]]:
    """Key, value and reason of the rows whose identifier would be refused today."""
    rows = field.model._base_manager.exclude(**{field.name: ""}).order_by("pk").values_list("pk", field.name)
    for number, text in rows.iterator():
        try:
            validate_identifier(text)
        except ValidationError as error:
            yield number, text, error.messages[0]


def same_as(field: Any, texts: set[str]) -> dict[str, list[Any]]:
    """The rows that have each of these identifiers, as they are comparable: those of more than one row."""
    wanted: dict[str, list[Any]] = {comparable(field, text): [] for text in texts}
    rows = field.model._base_manager.exclude(**{field.name: ""}).order_by("pk").values_list("pk", field.name)
    for number, text in rows.iterator() if wanted else ():
        if (key := comparable(field, text)) in wanted:
            wanted[key].append(number)
    return {key: numbers for key, numbers in wanted.items() if len(numbers) > 1}
