"""The statements of one shape of request."""

from dataclasses import dataclass, replace
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from rest_framework.generics import GenericAPIView
from rest_framework.serializers import Serializer

from roster import privacy
from roster.api.fast import sieve
from roster.api.fast.columns import Columns, is_printed_from_columns
from roster.api.fast.grouped import Group
from roster.api.fast.joined import in_order_of_joined, walked_relation
from roster.api.fast.statements import Bound, Rows, Statement
from roster.api.listing import after, order_of

LIMITED_BY, ONESELF, PLACE = "limited by", "oneself", "place "


class Plan:
    """The statements of one shape of request."""

    def __init__(self, view: Any, asked: dict[str, Any]) -> None:
        queryset = over_placeholders(view, asked).select_related(None)
        self.model = queryset.model
        self.order = order_of(queryset)
        self.columns = Columns(view.get_serializer(), queryset)
        place = [Bound(f"{PLACE}{index}") for index in range(len(self.order))]
        rows = queryset.values_list(*self.columns.expressions, *self.order)
        group = Group.of(queryset, view.get_filterset_class(), asked)
        relation = group.relation if group else walked_relation(queryset)
        if group is None:
            pages = (rows, after(rows, self.order, place))
            self.pages = Pages.of(*(in_order_of_joined(page, relation) for page in pages))
        else:
            columns = [*self.columns.expressions, *self.order]
            self.pages = Pages(group.rows(columns), group.rows_after(columns, place))
        is_sieved = relation is not None and sieve.is_sieved(view.get_filterset_class(), asked, relation)
        self.sieve = sieve.Sieve(queryset, rows) if is_sieved else None
        self.map = group.map() if group else None
        self.total = Statement.of(queryset.order_by().values_list(Rows()))


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
