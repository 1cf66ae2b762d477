"""Texts that learning platforms send: which are taken, and which are cut."""

from typing import Any, TypeGuard

MAX_ID_LENGTH = 255
"""Characters of the longest id, as LTI has it."""


def is_lms_id(value: Any) -> TypeGuard[str]:
    """Is this a text as ids are: not empty, not too long, and such that a database takes it?"""
    return isinstance(value, str) and 0 < len(value) <= MAX_ID_LENGTH and is_storable(value)


def is_storable(value: str) -> bool:
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)


def truncate(value: Any, longest: int) -> str:
    """A text as far as it is one, on one line and no longer than this; `""` for anything else."""
    return " ".join(value.split())[:longest] if isinstance(value, str) and is_storable(value) else ""
