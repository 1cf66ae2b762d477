"""Rewrites the order of a list so that SQLite uses an index for it.

Memberships are ordered by the order key of the position and then by the position's id. For the latter Django uses the
foreign key column of the membership, with which SQLite sorts all rows before it returns the first. With the id column
of the position itself SQLite uses the index on order key and id.
"""

from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from roster.reads.item_list import order_of


class JoinedColumn(F):
    """The primary key of a related row, as a column of that row."""

    def resolve_expression(self, query: Any = None, *args: Any, **kwargs: Any) -> Any:
        joined = query.setup_joins([self.name], query.get_meta(), query.get_initial_alias())
        return joined.targets[0].get_col(joined.joins[-1])


def ordering_relation(queryset: QuerySet[Any]) -> str | None:
    """The relation by which a list is ordered, on SQLite; None if there is none, or on another database."""
    order = order_of(queryset)
    relation, _, column = order[0].partition("__")
    return relation if connection.vendor == "sqlite" and column and order[1:2] == (f"{relation}_id",) else None


def order_by_joined_column(queryset: QuerySet[Any], relation: str | None) -> QuerySet[Any]:
    """The same rows in the same order, with the primary key column of the related row."""
    if relation is None:
        return queryset
    first, _, *others = order_of(queryset)
    return queryset.order_by(first, JoinedColumn(relation).asc(), *others)
