"""Items made of columns: what the serializer declares, read once."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import CharField, QuerySet, Value

from roster.api.fast.cursor import PRINTS_MILLISECONDS
from roster.api.fields import (
    DayField,
    FlagField,
    InstantField,
    NumberField,
    TextField,
    WireField,
    WireSerializer,
    WithheldField,
)


class Columns:
    """Which columns an item is made of, and how: the serializer's declaration, read once."""

    def __init__(self, serializer: WireSerializer, queryset: QuerySet[Any]) -> None:
        self.names = tuple(serializer.fields)
        self.expressions: list[Any] = []
        self.printed: list[tuple[str, Callable[[Any], Any]]] = []
        for name, field in serializer.fields.items():
            if isinstance(field, WireField) and has_column(queryset, field):
                self.expressions.append(field.get_column())
                if not is_copied(queryset, field):
                    self.printed.append((name, field.from_column))
            else:
                empty = field.empty if isinstance(field, WithheldField) else getattr(field, "withheld", None)
                self.expressions.append(Value(empty if isinstance(empty, str) else None, output_field=CharField()))
                if empty and not isinstance(empty, str):
                    self.printed.append((name, constant(empty)))

    def items(self, rows: list[Any]) -> list[dict[str, Any]]:
        """The items of rows, which may have more columns at their end."""
        names = self.names
        items = [dict(zip(names, row, strict=False)) for row in rows]
        for name, printed in self.printed:
            for item in items:
                item[name] = printed(item[name])
        return items


def constant(value: Any) -> Callable[[Any], Any]:
    """What prints the same value whatever it is given."""
    return lambda _: value


def is_printed_from_columns(field: Any) -> bool:
    """Does a field print nothing but columns, in the way that its class says?"""
    kind = type(field)
    return isinstance(field, WireField) and kind.get_attribute in {WireField.get_attribute, TextField.get_attribute}


def has_column(queryset: QuerySet[Any], field: WireField) -> bool:
    """Does this query have the column of a field? An annotation stands in it only when it was asked for."""
    path = field.get_column()
    if not isinstance(path, str) or "__" in path:
        return True
    return path in queryset.query.annotations or is_field(queryset, path)


def is_field(queryset: QuerySet[Any], name: str) -> bool:
    return any(name in {field.name, field.attname} for field in queryset.model._meta.fields)


def is_copied(queryset: QuerySet[Any], field: WireField) -> bool:
    """Does a column arrive as it is printed? Not one that may be NULL where the wire has a text."""
    if type(field) in {DayField, InstantField}:
        return connection.vendor in PRINTS_MILLISECONDS
    if type(field) is TextField:
        return field.column is not None or not is_nullable(queryset, field.get_column())
    return type(field) in {NumberField, FlagField}


def is_nullable(queryset: QuerySet[Any], path: str) -> bool:
    """May a column at a path of field names be NULL, by itself or for want of a related row?"""
    model: Any = queryset.model
    for name in path.split("__"):
        field = next((field for field in model._meta.fields if name in {field.name, field.attname}), None)
        if field is None or field.null:
            return True
        model = field.related_model or model
    return False
