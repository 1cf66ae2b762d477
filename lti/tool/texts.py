"""Texts of learning platforms: which are accepted as ids, and how others are truncated."""

from typing import Any, TypeGuard

from roster.json_text import is_text

MAX_ID_LENGTH = 255
"""Maximum characters of an id, from the LTI specification."""


def is_lms_id(value: Any) -> TypeGuard[str]:
    """Is this a valid id: a text that is not empty, not too long, and storable?"""
    return is_text(value) and 0 < len(value) <= MAX_ID_LENGTH


def truncate(value: Any, longest: int) -> str:
    """A text on one line, cut to `longest` characters; `""` for anything that is no storable text."""
    return " ".join(value.split())[:longest] if is_text(value) else ""
