"""Lists whose query is built and compiled once, and then only filled in.

Two requests that set the same parameters for the same kind of audience differ in values alone. For each such shape
the QuerySet is built as always, by the words of privacy and filters, but over placeholders; its SQL is kept, and a
request puts its values where the placeholders stand. Rows come as tuples and become items by the columns that the
serializer's fields name. What cannot be prepared (a view or serializer with ways of its own) goes the plain way of
DRF, and answers the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, CharField, Expression, Func, QuerySet, Value
from rest_framework.generics import GenericAPIView
from rest_framework.serializers import Serializer

from roster import privacy
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
from roster.api.listing import Place, after, fits, order_of
from roster.api.recent import Recent
from roster.api.remembered import Remembered
from roster.api.wire_cursor import PRINTS_MILLISECONDS, fetch

LIMITED_BY, ONESELF, PLACE = "limited by", "oneself", "place "
CUT = "LIMIT %s OFFSET %s"
Values = dict[str, Any]


class Bound(Expression):
    """A placeholder in a query, for a value that each request brings under a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class Rows(Func):
    """How many rows a query has: COUNT(*), without Django's grouping."""

    function = "COUNT"
    template = "COUNT(*)"
    output_field = BigIntegerField()


class Statement:
    """The compiled SQL of a query over placeholders."""

    def __init__(self, queryset: QuerySet[Any], suffix: str = "") -> None:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, self.parameters = compiler.as_sql()
        self.sql = f"{sql} {suffix}"
        selected = [expression for expression, _, _ in compiler.select]
        self.converters = list(compiler.get_converters(selected).items())

    def rows(self, values: Values, extra: Sequence[Any] = ()) -> list[Any]:
        """Run it with the values of a request; `extra` are those of the suffix."""
        filled = [adapted(values[part.name]) if isinstance(part, Bound) else part for part in self.parameters]
        found = fetch(self.sql, (*filled, *extra))
        return [self._converted(row) for row in found] if self.converters else found

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        converted = list(row)
        for index, (chain, expression) in self.converters:
            for convert in chain:
                converted[index] = convert(converted[index], expression, connection)
        return converted


def adapted(value: Any) -> Any:
    """A day or an instant as the database driver wants it; anything else as it is."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return value


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


class Plan:
    """The statements of one shape of request."""

    def __init__(self, view: Any, asked: dict[str, Any]) -> None:
        queryset = over_placeholders(view, asked).select_related(None)
        self.model = queryset.model
        self.order = order_of(queryset)
        self.columns = Columns(view.get_serializer(), queryset)
        place = [Bound(f"{PLACE}{index}") for index in range(len(self.order))]
        rows = queryset.values_list(*self.columns.expressions, *self.order)
        self.page = Statement(rows, CUT)
        self.page_after = Statement(after(rows, self.order, place), CUT)
        self.total = Statement(queryset.order_by().values_list(Rows()))


class PreparedListing:
    """A list whose statements are at hand, with the values of one request."""

    def __init__(self, plan: Plan, values: Values) -> None:
        self.plan = plan
        self.values = values
        self.remembered = Remembered((id(plan), *values.items()), plan)

    def total(self) -> int:
        return self.remembered.total(self._count)

    def page(self, start: int, size: int) -> list[tuple[Place, Any]]:
        known, place = self.remembered.nearest(start)
        if place is None:
            rows = self.plan.page.rows(self.values, (size, start))
        else:
            rows = self._after(place, start - known, size)
        return self._items(start, rows)

    def page_after(self, place: Place, start: int, size: int) -> list[tuple[Place, Any]]:
        return self._items(None, self._after(place, start, size))

    def has_place(self, place: Place) -> bool:
        return fits(place, self.plan.model, self.plan.order)

    def _count(self) -> int:
        ((number,),) = self.plan.total.rows(self.values)
        return int(number)

    def _after(self, place: Place, start: int, size: int) -> list[Any]:
        values = {**self.values, **{f"{PLACE}{index}": value for index, value in enumerate(place)}}
        return self.plan.page_after.rows(values, (size, start))

    def _items(self, start: int | None, rows: list[Any]) -> list[tuple[Place, Any]]:
        width = len(self.plan.order)
        items = self.plan.columns.items(rows)
        found = [(row[-width:], item) for row, item in zip(rows, items, strict=True)]
        if start is not None and found:
            self.remembered.learn(start + len(found), found[-1][0])
        return found


def prepared_listing(view: Any) -> PreparedListing | None:
    """The list that a view's request asks for; None where the plain way has to be gone."""
    filters = view.get_filterset_class().base_filters
    audience: privacy.Audience = view.audience
    shape = (
        type(view),
        connection.vendor,
        replace(audience, limited_by=audience.limited_by and 1, user_id=audience.user_id and 1),
        tuple((name, filters[name].shape(value)) for name, value in view.asked.items()),
    )
    try:
        plan = _plans[shape]
    except KeyError:
        plan = _plans[shape] = make_plan(view)
    if plan is None:
        return None
    values = {name: filters[name].prepare(value) for name, value in view.asked.items()}
    return PreparedListing(plan, {**values, LIMITED_BY: audience.limited_by, ONESELF: audience.user_id})


def make_plan(view: Any) -> Plan | None:
    """The plan of a view's request; None for a list that cannot be prepared."""
    serializer_class = view.serializer_class
    is_plain = (
        type(view).get_queryset is GenericAPIView.get_queryset
        and serializer_class.to_representation is Serializer.to_representation
        and all(is_printed_from_columns(field) for field in serializer_class._declared_fields.values())
    )
    if not is_plain:
        return None
    try:
        return Plan(view, view.asked)
    except EmptyResultSet:
        return None


def over_placeholders(view: Any, asked: dict[str, Any]) -> QuerySet[Any]:
    """The list of a request with placeholders where its values stand, in the words of privacy and of the filters."""
    audience: privacy.Audience = view.audience
    bound: dict[str, Any] = {}
    if audience.limited_by is not None:
        bound["limited_by"] = Bound(LIMITED_BY)
    if audience.user_id is not None:
        bound["user_id"] = Bound(ONESELF)
    audience = replace(audience, **bound)
    queryset: QuerySet[Any] = view.get_queryset().visible_to(audience)
    for name, declared in view.get_filterset_class().base_filters.items():
        value = asked.get(name)
        narrows = value is not None and declared.prepare(value) is not None
        if narrows and declared.is_bound and declared.shape(value) is not False:
            queryset = declared.narrow(queryset, Bound(name))
        else:
            queryset = declared.filter(queryset, value)
    ordered: QuerySet[Any] = queryset.in_wire_order(audience)  # type: ignore[attr-defined]
    return ordered


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


_plans: Recent[Plan | None] = Recent(500)
