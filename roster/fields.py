"""How values are rendered: absent text is `""`, days and instants are epoch milliseconds (docs/api.md)."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from roster import days, privacy

EMPTY: dict[str, Any] = {"value": "", "lastModified": None}

INSTANT = {"type": "integer", "format": "int64"}
"""How the schema describes epoch milliseconds; a field class says by `openapi` what it prints."""


class WireField(serializers.Field):
    """A field that can also be rendered from columns of a query, without a model instance.

    `column` is the column as an expression; without it, the one that `source` names. A class that reads an instance in
    its own way (`get_attribute`) declares with `get_columns` and `from_columns` how it is rendered from columns.
    """

    withheld: Any = None
    """The replacement of the value for an audience that may not read it."""

    def __init__(self, *, column: Any = None, **kwargs: Any) -> None:
        self.column = column
        super().__init__(**{"read_only": True, **kwargs})

    def get_columns(self) -> tuple[Any, ...]:
        """The columns it is printed from: expressions or paths of field names."""
        return (self.column or str(self.source).replace(".", "__"),)

    def from_columns(self, value: Any, *others: Any) -> Any:
        """The printed form of the columns, which may be NULL."""
        return None if value is None else self.to_representation(value)


class NumberField(WireField, serializers.IntegerField):
    """A whole number; null when absent."""

    def to_representation(self, value: Any) -> Any:
        return value


class FlagField(WireField, serializers.BooleanField):
    """A JSON boolean."""

    def to_representation(self, value: Any) -> Any:
        return value


class DayField(WireField):
    """A day, printed as its midnight in `WIRE_TIME_ZONE`, in epoch milliseconds; null when absent."""

    openapi = INSTANT

    def to_representation(self, value: dt.date) -> int:
        return days.midnight(value)


class InstantField(WireField):
    """An instant in epoch milliseconds, floored; null when absent."""

    openapi = INSTANT

    def to_representation(self, value: dt.datetime) -> int:
        return days.milliseconds(value)


class TextField(WireField, serializers.CharField):
    """A text; `""` when absent."""

    openapi: dict[str, Any] = {"type": "string"}
    withheld: Any = ""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default": "", **kwargs, "allow_null": False})

    def get_attribute(self, instance: Any) -> Any:
        value = super().get_attribute(instance)
        return "" if value is None else value

    def to_representation(self, value: str) -> str:
        return value

    def from_columns(self, value: Any, *others: Any) -> Any:
        return "" if value is None else self.to_representation(value)


class TextsField(WireField, serializers.ListField):
    """A list of texts."""

    child = TextField()


class LabelField(TextField):
    """The label of a code of a TextChoices."""

    def __init__(self, *, choices: Any, **kwargs: Any) -> None:
        self.labels = dict(choices)
        self.openapi = {"type": "string", "enum": list(self.labels.values())}
        super().__init__(**kwargs)

    def to_representation(self, value: str) -> str:
        return str(self.labels[value])


class WithheldField(serializers.Field):
    """A field that the audience may not read: its key stays, with an empty value."""

    def __init__(self, empty: Any) -> None:
        self.empty = empty
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> Any:
        return self.empty


class EmptyField(WithheldField):
    """A key for which nothing is stored: it is always empty."""

    def __init__(self, empty: Any) -> None:
        super().__init__(empty)
        self.help_text = "Always empty: not stored here."
        self.openapi = with_help_text(empty)


def with_help_text(empty: Any) -> dict[str, Any]:
    """How the schema describes a key that is always empty: by the type that it would have."""
    if isinstance(empty, dict):
        parts = {name: with_help_text(value) for name, value in empty.items()}
        return {"type": "object", "required": list(parts), "properties": parts}
    return {"type": "string"} if empty == "" else {**INSTANT, "nullable": True}


class WireSerializer(serializers.Serializer[Any]):
    """An item of the wire: its fields in order, with empty values for those that the audience may not read.

    `resource` names the list of readable fields in `roster/privacy.py`; the context carries the audience.
    """

    resource: str
    always_empty: Mapping[str, Any] = MappingProxyType({})
    """Further keys, for which nothing is kept, with what stands there."""

    def get_fields(self) -> dict[str, serializers.Field]:
        empty = {name: EmptyField(value) for name, value in self.always_empty.items()}
        declared = {**super().get_fields(), **empty}
        audience = self.context["audience"]
        allowed = privacy.fields(self.resource, audience)
        if "modifiedOn" in allowed:
            declared["modifiedOn"].source = privacy.modification_column(self.resource, audience)
        return {
            name: field if name in allowed else WithheldField(empty_value(field))
            for name, field in declared.items()
            if name in allowed or name not in privacy.STAFF_ONLY_KEYS
        }


def empty_value(field: serializers.Field) -> Any:
    """The value of a withheld field: `""`, null or `[]`, so that typed clients can still parse it."""
    if isinstance(field, serializers.ListField | serializers.ListSerializer | serializers.JSONField):
        return []
    return getattr(field, "withheld", None)
