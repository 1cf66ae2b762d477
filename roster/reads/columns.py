"""Renders the items of a list from columns, as the fields of the serializer declare."""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import CharField, QuerySet, Value
from rest_framework.serializers import ListSerializer, Serializer

from roster.fields import (
    DayField,
    FlagField,
    InstantField,
    NumberField,
    TextField,
    WireField,
    WithheldField,
)
from roster.reads.raw_cursor import PRINTS_MILLISECONDS


class ItemColumns:
    """The columns of an item and how they are rendered, read once from the serializer.

    The columns have the order of the fields; additional columns that a field needs follow at the end. Trailing fields
    with the same value in all items are not read from the database.
    """

    def __init__(self, serializer: Serializer[Any], queryset: QuerySet[Any]) -> None:
        self.ending: dict[str, Any] = {}
        fields: dict[str, Any] = dict(serializer.fields)
        for name, field in reversed(fields.items()):
            if not isinstance(field, WithheldField):
                break
            self.ending = {name: field.empty, **self.ending}
        self.names = tuple(name for name in fields if name not in self.ending)
        self.expressions: list[Any] = []
        self.printed: list[tuple[str, Callable[[Any], Any]]] = []
        self.combined: list[tuple[str, Callable[..., Any], Callable[[Sequence[Any]], Any]]] = []
        more: list[Any] = []
        for name in self.names:
            field = fields[name]
            if isinstance(field, WireField) and has_columns(queryset, field):
                index = len(self.expressions)
                column, *others = field.get_columns()
                self.expressions.append(column)
                if others:
                    more += [other for other in others if other not in more]
                    indexes = [index, *(len(self.names) + more.index(other) for other in others)]
                    self.combined.append((name, field.from_columns, itemgetter(*indexes)))
                elif not needs_no_rendering(queryset, field):
                    self.printed.append((name, field.from_columns))
            else:
                empty = field.empty if isinstance(field, WithheldField) else getattr(field, "withheld", None)
                self.expressions.append(Value(empty if isinstance(empty, str) else None, output_field=CharField()))
                if empty is not None and not isinstance(empty, str):
                    self.printed.append((name, constant(empty)))
        self.expressions += more

    def items(self, rows: list[Any]) -> list[dict[str, Any]]:
        """Render rows as items; further columns at the end of a row are ignored."""
        names = self.names
        items = [dict(zip(names, row, strict=False)) for row in rows]
        for name, printed in self.printed:
            for item in items:
                item[name] = printed(item[name])
        for name, combined, columns in self.combined:
            for item, row in zip(items, rows, strict=True):
                item[name] = combined(*columns(row))
        for item in items if self.ending else ():
            item.update(self.ending)
        return items


def constant(value: Any) -> Callable[[Any], Any]:
    """A renderer that always gives the same value."""
    return lambda _: value


def is_rendered_from_columns(field: Any) -> bool:
    """Does the class of a field define how it is rendered from columns?

    A class that overrides `get_attribute` must override `from_columns` too; that of its base class would not fit. A
    nested list is rendered from columns if each of its fields is.
    """
    if isinstance(field, ListSerializer):
        child: Any = field.child
        return uses_default_representation(type(child)) and all(map(is_rendered_from_columns, child.fields.values()))
    if not isinstance(field, WireField):
        return False
    return next(
        "from_columns" in vars(kind)
        for kind in type(field).__mro__
        if {"from_columns", "get_attribute"} & vars(kind).keys()
    )


def uses_default_representation(serializer_class: type[Any]) -> bool:
    """Does a serializer render its fields one by one, as DRF does by default?"""
    return bool(serializer_class.to_representation is Serializer.to_representation)


def has_columns(queryset: QuerySet[Any], field: WireField) -> bool:
    """Does this query have the columns of a field? Some annotations are only in queries that need them."""
    return all(
        not isinstance(path, str) or "__" in path or path in queryset.query.annotations or is_field(queryset, path)
        for path in field.get_columns()
    )


def is_field(queryset: QuerySet[Any], name: str) -> bool:
    return any(name in {field.name, field.attname} for field in queryset.model._meta.fields)


def needs_no_rendering(queryset: QuerySet[Any], field: WireField) -> bool:
    """Is the value of a column rendered unchanged? Not if it may be NULL and the item needs a text."""
    if type(field) in {DayField, InstantField}:
        return connection.vendor in PRINTS_MILLISECONDS
    if type(field) is TextField:
        return field.column is not None or not is_nullable(queryset, field.get_columns()[0])
    return type(field) in {NumberField, FlagField}


def is_nullable(queryset: QuerySet[Any], path: str) -> bool:
    """May a column at a path of field names be NULL, by itself or because a related row is missing?"""
    model: Any = queryset.model
    for name in path.split("__"):
        field = next((field for field in model._meta.fields if name in {field.name, field.attname}), None)
        if field is None or field.null:
            return True
        model = field.related_model or model
    return False
