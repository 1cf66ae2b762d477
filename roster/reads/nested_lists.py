"""Lists within items, such as the categories of an organization: one statement for all items of a page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self

from django.db import connection
from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import RawSQL
from rest_framework.serializers import ListSerializer, Serializer

from roster.reads.columns import ItemColumns
from roster.reads.statements import KEYS, UNNEST_KEYS, Placeholder, Statement, StatementValues


class NestedList:
    """The statement for one nested list, with the columns of its items."""

    def __init__(self, name: str, part: Serializer[Any], parts: QuerySet[Any], owner: str) -> None:
        self.name = name
        self.columns = ItemColumns(part, parts)
        given = RawSQL(UNNEST_KEYS[connection.vendor], [Placeholder(KEYS)])  # noqa: S611 (a constant)
        of_page = parts.filter(**{f"{owner}__in": given})
        self.statement = Statement.of(of_page.values_list(*self.columns.expressions, owner))

    @classmethod
    def of_serializer(cls, serializer: Serializer[Any], queryset: QuerySet[Any]) -> list[Self]:
        """The nested lists of a serializer, with the querysets that `queryset` prefetches."""
        fetched: dict[str, Any] = {each.prefetch_to: each.queryset for each in prefetches(queryset)}
        lists: dict[str, Any] = {
            name: field for name, field in serializer.fields.items() if isinstance(field, ListSerializer)
        }
        return [
            cls(name, field.child, fetched[field.source], owner_of(queryset, field.source))
            for name, field in lists.items()
        ]

    def put(self, items: Sequence[dict[str, Any]], keys: Sequence[int], values: StatementValues) -> None:
        """Add the nested list to each item; `keys` are the keys of the items."""
        rows = self.statement.rows({**values, KEYS: list(keys)})
        lists = defaultdict(list)
        for row, part in zip(rows, self.columns.items(rows), strict=True):
            lists[row[-1]].append(part)
        for item, key in zip(items, keys, strict=True):
            item[self.name] = lists.get(key, [])


def prefetches(queryset: QuerySet[Any]) -> "list[Prefetch[Any]]":
    """The Prefetch objects of a query."""
    return [each for each in queryset._prefetch_related_lookups if isinstance(each, Prefetch)]  # type: ignore[attr-defined]


def owner_of(queryset: QuerySet[Any], name: str) -> str:
    """The name of the field by which the rows of a related list refer to the rows of this query."""
    return str(queryset.model._meta.get_field(name).remote_field.name)
