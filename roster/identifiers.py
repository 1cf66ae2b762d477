"""What databases refuse in identifiers, as named constraints: the commonest that `validate_identifier` refuses.

No database knows which characters cannot be seen, and SQLite knows regular expressions only while this program asks.
So the constraints name the spaces and the invisible characters that are met with, and validators know the rest.
"""

from typing import Any

from django.apps import apps
from django.db import models

from roster.names import is_identifier
from roster.ranges import FieldCheckConstraint

INVISIBLE_PATTERN = (
    *("  ", "\t", "\n", "\r", "\u00a0", "\u00ad", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202e"),
    *("\u2060", "\u3000", "\ufeff"),
)
"""What no identifier holds: spaces other than single usual ones, joiners, direction marks, soft hyphens, a BOM."""

SENTENCE = "No spaces stand around it, and nothing that cannot be seen stands in it."


class NoInvisibleCharacters(FieldCheckConstraint):
    """A column holds an identifier."""


def no_invisible_characters(prefix: str, *columns: str) -> list[models.CheckConstraint]:
    """The constraints of a model's identifiers; their names begin with the prefix."""
    return [
        NoInvisibleCharacters(
            condition=is_clean(column), name=f"{prefix}_{column}_has_nothing_hidden", violation_error_message=SENTENCE
        )
        for column in columns
    ]


def is_clean(column: str) -> models.Q:
    """Has a column neither spaces around it nor anything of `HIDDEN` in it?"""
    hidden = models.Q(**{f"{column}__startswith": " "}) | models.Q(**{f"{column}__endswith": " "})
    for text in INVISIBLE_PATTERN:
        hidden |= models.Q(**{f"{column}__contains": text})
    return ~hidden


def identifiers() -> list[Any]:
    """Every column that holds an identifier."""
    return [field for model in apps.get_models() for field in model._meta.concrete_fields if is_identifier(field)]
