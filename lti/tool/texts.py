"""Texts of learning platforms: which are accepted as ids, and how others are truncated."""

from typing import Any, TypeGuard

MAX_ID_LENGTH = 255
"""Maximum characters of an id, from the LTI specification."""


def is_lms_id(value: Any) -> TypeGuard[str]:
    """Is this a valid id: a text that is not empty, not too long, and storable?"""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH and is_storable(value)


def is_storable(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def truncate(value: Any, longest: int) -> str:
    """A text on one line, cut to `longest` characters; `""` for anything that is no storable text."""
    return " ".join(value.split())[:longest] if isinstance(value, str) and is_storable(value) else ""
