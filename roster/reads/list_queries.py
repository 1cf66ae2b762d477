"""The statements for one shape of requests."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, QuerySet, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import RowNumber

from roster import privacy
from roster.reads import count_limit, key_cache, lateral_pages
from roster.reads.columns import ItemColumns, is_rendered_from_columns, uses_default_representation
from roster.reads.item_list import after_keyset, order_of
from roster.reads.join_order import order_by_joined_column, ordering_relation
from roster.reads.lateral_pages import LateralPages
from roster.reads.list_request import ListRequest
from roster.reads.nested_lists import NestedList
from roster.reads.statements import LIMIT_MARKER, CountStar, Placeholder, Statement

LIMITED_BY, USER_ID, KEYSET_PARAMETER = "limited by", "oneself", "place "


class ListQueries:
    """The statements for one shape of requests."""

    def __init__(self, request: ListRequest) -> None:
        audience, filters, asked = with_placeholders(request.audience), request.filters, request.asked
        queryset = filtered(request, audience)
        self.model = queryset.model
        self.order = order_of(queryset)
        wired = queryset.with_wire_fields(audience)  # type: ignore[attr-defined]
        serializer = request.make_serializer()
        self.columns = ItemColumns(serializer, wired)
        self.nested = NestedList.of_serializer(serializer, wired)
        keyset = [Placeholder(f"{KEYSET_PARAMETER}{index}") for index in range(len(self.order))]
        columns = [*self.columns.expressions, *self.order]
        rows = wired.values_list(*columns)
        group = LateralPages.of(queryset, filters, asked)
        relation = group.relation if group else ordering_relation(queryset)
        if group:
            self.pages = PageStatements(group.rows(columns), group.page_after(columns, keyset))
        elif has_no_joined_order(self.order):
            bare = with_display_filters(request).with_wire_fields(audience).order_by(*self.order).values_list(*columns)
            self.pages = PageStatements.of(
                *(deferred_join(bare, page) for page in (queryset, after_keyset(queryset, self.order, keyset)))
            )
        else:
            pages = (rows, after_keyset(rows, self.order, keyset))
            self.pages = PageStatements.of(*(order_by_joined_column(page, relation) for page in pages))
        has_key_cache = key_cache.uses_key_cache(filters, asked, relation, self.order)
        self.key_queries = (
            key_cache.KeyQueries(
                queryset, rows, key_cache.matching(visible(request, audience), filters, asked, audience)
            )
            if has_key_cache
            else None
        )
        self.total = Statement.of(queryset.order_by().values_list(CountStar()))
        self.leaves_few = any(filters[name].leaves_few for name in asked)
        self.map = group.map() if group else None
        if has_no_joined_order(self.order) and self.is_costly:
            self.map = checkpoint_statement(queryset, self.order)

    @cached_property
    def is_costly(self) -> bool:
        """Does counting the rows take long? Not if a filter selects few rows, or if all tables are small."""
        return not self.leaves_few and count_limit.reads_large_tables(self.total.sql)


@dataclass(frozen=True, slots=True)
class PageStatements:
    """The statements for a page by its row number, and for a page after a keyset position."""

    at: Statement
    after: Statement

    @classmethod
    def of(cls, rows: QuerySet[Any], rows_after: QuerySet[Any]) -> Self:
        return cls(Statement.of(rows), Statement.of(rows_after))


def compile_list_queries(request: ListRequest) -> ListQueries | None:
    """Compile the statements of a request; None if the list cannot be compiled."""
    serializer_class = request.serializer_class
    if not (
        request.can_be_compiled
        and uses_default_representation(serializer_class)
        and all(is_rendered_from_columns(field) for field in serializer_class._declared_fields.values())
    ):
        return None
    try:
        return ListQueries(request)
    except EmptyResultSet:
        return None


def has_no_joined_order(order: tuple[str, ...]) -> bool:
    """Is a list ordered only by columns of its own rows, not of related ones?"""
    return not any("__" in path for path in order)


def checkpoint_statement(queryset: QuerySet[Any], order: tuple[str, ...]) -> Statement:
    """The statement for checkpoints: keyset positions, each with the number of the next row and of all rows."""
    number = Window(RowNumber(), order_by=[F(path).asc() for path in order])
    numbered = queryset.order_by().values_list(*order, number, Window(Count("*")))
    sql, parameters = numbered.query.get_compiler(connection=connection).as_sql()
    columns = ", ".join(f"o{index}" for index in range(len(order)))
    least, keysets = lateral_pages.CHECKPOINT_DISTANCE, lateral_pages.MAX_CHECKPOINTS
    apart = f"CASE WHEN total > {least * keysets} THEN total / {keysets} ELSE {least} END"
    text = f"""
        WITH numbered ({columns}, before, total) AS ({sql})
        SELECT * FROM numbered WHERE before % ({apart}) = 0 OR before = total ORDER BY before
    """  # noqa: S608 (SQL that Django compiled)
    return Statement(text, parameters)


def deferred_join(rows: QuerySet[Any], queryset: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a page whose keys are selected first, so that no other row is joined or read in full."""
    sql, parameters = queryset.values_list("pk").query.get_compiler(connection=connection).as_sql()
    return rows.filter(pk__in=RawSQL(f"{sql} {LIMIT_MARKER}", parameters))  # noqa: S611 (SQL that Django compiled)


def with_display_filters(request: ListRequest) -> Any:
    """All rows, with the columns that are added by filters which only change what is rendered."""
    queryset = request.all_rows()
    for name, declared in request.filters.items():
        if declared.reads == ():
            queryset = declared.filter(queryset, request.asked.get(name))
    return queryset


def with_placeholders(audience: privacy.Audience) -> privacy.Audience:
    """An audience with placeholders in place of its values."""
    bound: dict[str, Any] = {}
    if audience.limited_by is not None:
        bound["limited_by"] = Placeholder(LIMITED_BY)
    if audience.user_id is not None:
        bound["user_id"] = Placeholder(USER_ID)
    return replace(audience, **bound)


def visible(request: ListRequest, audience: privacy.Audience) -> QuerySet[Any]:
    """All rows of a list that an audience sees."""
    rows: QuerySet[Any] = request.all_rows().visible_to(audience)  # type: ignore[attr-defined]
    return rows


def filtered(request: ListRequest, audience: privacy.Audience) -> QuerySet[Any]:
    """The list of a request, visible and filtered, with placeholders in place of its values."""
    queryset = visible(request, audience)
    for name, declared in request.filters.items():
        value = request.asked.get(name)
        narrows = value is not None and declared.prepare(value) is not None
        if narrows and declared.is_bound and declared.shape(value) is not False:
            queryset = declared.narrow(queryset, Placeholder(name))
        else:
            queryset = declared.filter(queryset, value)
    return request.in_order(queryset, request.asked, audience)
