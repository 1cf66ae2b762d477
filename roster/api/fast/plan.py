"""The statements of one shape of request."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber
from rest_framework.generics import GenericAPIView

from roster import privacy
from roster.api.fast import counting, grouped, sieve
from roster.api.fast.columns import Columns, is_plain, is_printed_from_columns
from roster.api.fast.grouped import Group
from roster.api.fast.joined import in_order_of_joined, walked_relation
from roster.api.fast.nested import Nested
from roster.api.fast.statements import CUT, Bound, Rows, Statement
from roster.api.listing import after, order_of

LIMITED_BY, ONESELF, PLACE = "limited by", "oneself", "place "


class Plan:
    """The statements of one shape of request."""

    def __init__(self, view: Any, asked: dict[str, Any]) -> None:
        audience = over_placeholders(view.audience)
        queryset = narrowed(view, audience, asked)
        self.model = queryset.model
        self.order = order_of(queryset)
        wired = queryset.with_wire_fields(audience)  # type: ignore[attr-defined]
        serializer = view.get_serializer()
        self.columns = Columns(serializer, wired)
        self.nested = Nested.all_of(serializer, wired)
        place = [Bound(f"{PLACE}{index}") for index in range(len(self.order))]
        columns = [*self.columns.expressions, *self.order]
        rows = wired.values_list(*columns)
        group = Group.of(queryset, view.get_filterset_class(), asked)
        relation = group.relation if group else walked_relation(queryset)
        if group:
            self.pages = Pages(group.rows(columns), group.rows_after(columns, place))
        elif is_ordered_by_itself(self.order):
            bare = with_printed(view, asked).with_wire_fields(audience).order_by(*self.order).values_list(*columns)
            self.pages = Pages.of(
                *(chosen_first(bare, page) for page in (queryset, after(queryset, self.order, place)))
            )
        else:
            pages = (rows, after(rows, self.order, place))
            self.pages = Pages.of(*(in_order_of_joined(page, relation) for page in pages))
        is_sieved = sieve.is_sieved(view.get_filterset_class(), asked, relation, self.order)
        self.sieve = sieve.Sieve(queryset, rows, sieve.matching(view, asked, audience)) if is_sieved else None
        self.total = Statement.of(queryset.order_by().values_list(Rows()))
        self.leaves_few = any(view.get_filterset_class().base_filters[name].leaves_few for name in asked)
        self.map = group.map() if group else None
        if is_ordered_by_itself(self.order) and self.is_costly:
            self.map = map_of(queryset, self.order)

    @cached_property
    def is_costly(self) -> bool:
        """Does it take long to count the rows? Not where a filter leaves few of them, or where all tables are small."""
        return not self.leaves_few and counting.reads_large_tables(self.total.sql)


@dataclass(frozen=True, slots=True)
class Pages:
    """The statements for a page by its ordinal, and for one after a place."""

    at: Statement
    after: Statement

    @classmethod
    def of(cls, rows: QuerySet[Any], rows_after: QuerySet[Any]) -> Self:
        return cls(Statement.of(rows), Statement.of(rows_after))


def make_plan(view: Any) -> Plan | None:
    """The plan of a view's request; None for a list that cannot be prepared."""
    serializer_class = view.serializer_class
    if not (
        type(view).get_queryset is GenericAPIView.get_queryset
        and is_plain(serializer_class)
        and all(is_printed_from_columns(field) for field in serializer_class._declared_fields.values())
    ):
        return None
    try:
        return Plan(view, view.asked)
    except EmptyResultSet:
        return None


def is_ordered_by_itself(order: tuple[str, ...]) -> bool:
    """Does the order of a list stand in its own rows, and not in related ones?"""
    return not any("__" in path for path in order)


def map_of(queryset: QuerySet[Any], order: tuple[str, ...]) -> Statement:
    """Places of rows spread over a list, each with the ordinal of the row after it and the number of all rows."""
    number = Window(RowNumber(), order_by=[F(path).asc() for path in order])
    numbered = queryset.order_by().values_list(*order, number, Window(Count("*")))
    sql, parameters = numbered.query.get_compiler(connection=connection).as_sql()
    columns = ", ".join(f"o{index}" for index in range(len(order)))
    least, places = grouped.APART, grouped.PLACES
    apart = f"CASE WHEN total > {least * places} THEN total / {places} ELSE {least} END"
    text = f"""
        WITH numbered ({columns}, before, total) AS ({sql})
        SELECT * FROM numbered WHERE before % ({apart}) = 0 OR before = total ORDER BY before
    """  # noqa: S608 (SQL that Django compiled)
    return Statement(text, parameters)


def chosen_first(rows: QuerySet[Any], queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a page whose keys are chosen first, so that no other row is joined or looked at in full."""
    sql, parameters = queryset.values_list("pk").query.get_compiler(connection=connection).as_sql()
    return rows.filter(pk__in=RawSQL(f"{sql} {CUT}", parameters))  # noqa: S611 (SQL that Django compiled)


def with_printed(view: Any, asked: dict[str, Any]) -> Any:
    """All rows, with what filters that narrow nothing add to what is printed."""
    queryset = view.get_queryset()
    for name, declared in view.get_filterset_class().base_filters.items():
        if declared.reads == ():
            queryset = declared.filter(queryset, asked.get(name))
    return queryset


def over_placeholders(audience: privacy.Audience) -> privacy.Audience:
    """An audience with placeholders where its values stand."""
    bound: dict[str, Any] = {}
    if audience.limited_by is not None:
        bound["limited_by"] = Bound(LIMITED_BY)
    if audience.user_id is not None:
        bound["user_id"] = Bound(ONESELF)
    return replace(audience, **bound)


def narrowed(view: Any, audience: privacy.Audience, asked: dict[str, Any]) -> QuerySet[Any]:
    """The list of a request with placeholders where its values stand, in the words of privacy and of the filters."""
    queryset: QuerySet[Any] = view.get_queryset().visible_to(audience)
    for name, declared in view.get_filterset_class().base_filters.items():
        value = asked.get(name)
        narrows = value is not None and declared.prepare(value) is not None
        if narrows and declared.is_bound and declared.shape(value) is not False:
            queryset = declared.narrow(queryset, Bound(name))
        else:
            queryset = declared.filter(queryset, value)
    ordered: QuerySet[Any] = view.get_filterset_class().in_order(queryset, asked, audience)
    return ordered
