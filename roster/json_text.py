"""External JSON: how it is parsed, and which of its texts can be stored.

The database does not check the texts inside a JSON column.
"""

import math
from typing import Any, TypeGuard

import orjson
from django.core.exceptions import ValidationError

MAX_NESTING = 20
"""Maximum nesting depth of lists and objects. JSON parsers fail at different depths."""


def parse(text: str) -> Any:
    """The value of a JSON text. ValueError if it is not JSON, or if some programs could not read the value."""
    value = orjson.loads(text)
    level = [value]
    for _ in range(MAX_NESTING + 1):
        if any(isinstance(each, float) and not math.isfinite(each) for each in level):
            raise ValueError("It contains a number that is too large.")
        lists = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [inner for each in lists if isinstance(each, list) for inner in each]
        if not level:
            return value
    raise ValueError(f"It is nested more than {MAX_NESTING} times.")


def is_text(value: Any) -> TypeGuard[str]:
    """Is this a text that every database can store: without null characters and surrogates?"""
    return isinstance(value, str) and not any(char == "\x00" or "\ud800" <= char <= "\udfff" for char in value)


def are_texts(values: Any) -> bool:
    return isinstance(values, list) and all(is_text(value) for value in values)


def validate_texts(values: Any) -> None:
    """Accept a list of texts."""
    if not are_texts(values):
        raise ValidationError('Values are a list of texts: ["Tuesday", "Thursday"].')


def validate_custom_fields(fields: Any) -> None:
    """Accept a list of custom fields in the form of the API, each with a name and values."""
    if not isinstance(fields, list) or not all(is_custom_field(field) for field in fields):
        raise ValidationError('Custom fields are a list: [{"name": "Residence hall", "value": ["Alder House"]}].')


def is_custom_field(field: Any) -> bool:
    is_named = isinstance(field, dict) and field.keys() == {"name", "value"} and is_text(field["name"])
    return is_named and are_texts(field["value"])
