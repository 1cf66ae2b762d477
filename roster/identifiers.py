"""Database constraints on identifiers: a subset of the rules of `validate_identifier`.

Databases cannot tell which characters are invisible, and SQLite has regular expressions only in Django's connections.
So the constraints list the most frequent spaces and invisible characters, and the validators check for the others.
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
"""Texts that identifiers may not contain: unusual or repeated spaces, joiners, direction marks, soft hyphens, a BOM."""

SENTENCE = "No spaces stand around it, and nothing that cannot be seen stands in it."


class NoInvisibleCharacters(FieldCheckConstraint):
    """The constraint of a column that contains an identifier."""


def no_invisible_characters(prefix: str, *columns: str) -> list[models.CheckConstraint]:
    """The constraints of a model's identifiers; their names begin with the prefix."""
    return [
        NoInvisibleCharacters(
            condition=is_clean(column), name=f"{prefix}_{column}_has_nothing_hidden", violation_error_message=SENTENCE
        )
        for column in columns
    ]


def is_clean(column: str) -> models.Q:
    """The condition that a column has no spaces around it and nothing of `INVISIBLE_PATTERN` in it."""
    hidden = models.Q(**{f"{column}__startswith": " "}) | models.Q(**{f"{column}__endswith": " "})
    for text in INVISIBLE_PATTERN:
        hidden |= models.Q(**{f"{column}__contains": text})
    return ~hidden


def identifiers() -> list[Any]:
    """Every model field that contains an identifier."""
    return [field for model in apps.get_models() for field in model._meta.concrete_fields if is_identifier(field)]
