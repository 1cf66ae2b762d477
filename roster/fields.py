"""How values are rendered: missing text is `""`, days and instants are epoch milliseconds (docs/api.md)."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from rest_framework import serializers

from roster import days, privacy

EMPTY: dict[str, Any] = {"value": "", "lastModified": None}

INSTANT = {"type": "integer", "format": "int64"}
"""The schema of epoch milliseconds. A field class defines its schema as `openapi`."""


class WireField(serializers.Field):
    """A field that can also be rendered from columns of a query, without a model instance.

    `column` is an expression for the column; the default is the column of `source`. A class that overrides
    `get_attribute` also overrides `get_columns` and `from_columns`.
    """

    withheld: Any = None
    """The value shown to an audience that may not read the field."""

    def __init__(self, *, column: Any = None, **kwargs: Any) -> None:
        self.column = column
        super().__init__(**{"read_only": True, **kwargs})

    def get_columns(self) -> tuple[Any, ...]:
        """The columns from which the field is rendered: expressions or paths of field names."""
        return (self.column or str(self.source).replace(".", "__"),)

    def from_columns(self, value: Any, *others: Any) -> Any:
        """The rendered value of the columns, each of which may be None."""
        return None if value is None else self.to_representation(value)


class NumberField(WireField, serializers.IntegerField):
    """A whole number; null if there is none."""

    def to_representation(self, value: Any) -> Any:
        return value


class FlagField(WireField, serializers.BooleanField):
    """A JSON boolean."""

    def to_representation(self, value: Any) -> Any:
        return value


class DayField(WireField):
    """A day, rendered as its midnight in `WIRE_TIME_ZONE`, in epoch milliseconds; null if there is none."""

    openapi = INSTANT

    def to_representation(self, value: dt.date) -> int:
        return days.midnight(value)


class InstantField(WireField):
    """An instant in epoch milliseconds, rounded down; null if there is none."""

    openapi = INSTANT

    def to_representation(self, value: dt.datetime) -> int:
        return days.milliseconds(value)


class TextField(WireField, serializers.CharField):
    """A text; `""` if there is none."""

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
    """The label of a TextChoices value."""

    def __init__(self, *, choices: Any, **kwargs: Any) -> None:
        self.labels = dict(choices)
        self.openapi = {"type": "string", "enum": list(self.labels.values())}
        super().__init__(**kwargs)

    def to_representation(self, value: str) -> str:
        return str(self.labels[value])


class WithheldField(serializers.Field):
    """A field that the audience may not read: the item still has its key, with an empty value."""

    def __init__(self, empty: Any) -> None:
        self.empty = empty
        super().__init__(source="*", read_only=True)

    def to_representation(self, value: Any) -> Any:
        return self.empty


class EmptyField(WithheldField):
    """A key for which no value is stored: it is always empty."""

    def __init__(self, empty: Any) -> None:
        super().__init__(empty)
        self.help_text = "Always empty: not stored here."
        self.openapi = schema_of_empty(empty)


def schema_of_empty(empty: Any) -> dict[str, Any]:
    """The schema of a key that is always empty: the type that a value would have."""
    if isinstance(empty, dict):
        parts = {name: schema_of_empty(value) for name, value in empty.items()}
        return {"type": "object", "required": list(parts), "properties": parts}
    return {"type": "string"} if empty == "" else {**INSTANT, "nullable": True}


class WireSerializer(serializers.Serializer[Any]):
    """An item of the API: its fields in order, with empty values for those that the audience may not read.

    `resource` is the key of its readable fields in `roster/privacy.py`; the context contains the audience.
    """

    resource: str
    always_empty: Mapping[str, Any] = MappingProxyType({})
    """Further keys for which no values are stored, with their empty values."""

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
