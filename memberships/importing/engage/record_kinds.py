"""The four kinds of records in an import."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from memberships.importing.engage.values import read_id
from memberships.importing.errors import InvalidValue

AddError = Callable[[str, str], None]
"""Called with a key of a record and a sentence about its value."""


class RecordKind(StrEnum):
    """The kind of a record: the first of these whose id the record has."""

    MEMBERSHIP = "membership"
    POSITION = "position"
    ORGANIZATION = "organization"
    USER = "user"

    @property
    def id_key(self) -> str:
        return f"{self}Id"

    @property
    def plural(self) -> str:
        return f"{self}s"


def kind_of(data: Any) -> RecordKind | None:
    """The kind of a record; None if it has none of the ids."""
    if isinstance(data, dict):
        for kind in RecordKind:
            if kind.id_key in data:
                return kind
    return None


def id_of(kind: RecordKind, data: dict[str, Any], add_error: AddError) -> int | None:
    """The id of a record of this kind."""
    try:
        return read_id(data[kind.id_key])
    except InvalidValue as error:
        add_error(kind.id_key, str(error))
        return None
