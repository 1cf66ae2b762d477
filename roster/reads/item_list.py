"""Ordered lists of items: the rows that a caller may see and that match its filters.

`OrmList` reads model instances and renders them with the serializer, as DRF does. `CompiledList`
(`roster/reads/compiled_list.py`) is faster. Both have the same interface and the same results.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.db import models
from django.db.models import Q, QuerySet

KeysetPosition = Sequence[Any]
"""The position of a row in the order of a list: its values of the order fields."""


class ItemList(Protocol):
    """An ordered list of items."""

    def total(self) -> int:
        """The number of items."""

    def page(self, start: int, size: int) -> "list[tuple[KeysetPosition, Any]]":
        """At most `size` items from the row number `start`, each with its keyset position."""

    def page_after(self, keyset: KeysetPosition, start: int, size: int) -> "list[tuple[KeysetPosition, Any]]":
        """At most `size` items, `start` rows after a keyset position."""

    def is_valid_keyset(self, keyset: KeysetPosition) -> bool:
        """Does this have the form of a keyset position of this list?"""


class OrmList:
    """A QuerySet that is rendered by a serializer."""

    def __init__(self, queryset: QuerySet[Any], make_serializer: Callable[..., Any], cache: Any = None) -> None:
        self.queryset = queryset
        self.make_serializer = make_serializer
        self.cache = cache
        self.order = order_of(queryset)

    def total(self) -> int:
        count = self.queryset.count
        return count() if self.cache is None else self.cache.total(count)

    def page(self, start: int, size: int) -> list[tuple[KeysetPosition, Any]]:
        return self._printed(self.queryset[start : start + size])

    def page_after(self, keyset: KeysetPosition, start: int, size: int) -> list[tuple[KeysetPosition, Any]]:
        return self._printed(after_keyset(self.queryset, self.order, keyset)[start : start + size])

    def is_valid_keyset(self, keyset: KeysetPosition) -> bool:
        return keyset_fits(keyset, self.queryset.model, self.order)

    def _printed(self, rows: QuerySet[Any]) -> list[tuple[KeysetPosition, Any]]:
        items = self.make_serializer(rows, many=True).data
        return [([value_at(row, path) for path in self.order], item) for row, item in zip(rows, items, strict=True)]


def order_of(queryset: QuerySet[Any]) -> tuple[str, ...]:
    """The fields by which a list is ordered. The last is the primary key, so that the order is total."""
    order = tuple(str(name) for name in queryset.query.order_by)
    if not order or order[-1] not in {"id", "pk"}:
        raise ValueError("A list that is paged must be ordered by fields of which the last is the primary key.")
    return order


def after_keyset(queryset: QuerySet[Any], order: tuple[str, ...], keyset: KeysetPosition) -> QuerySet[Any]:
    """The rows of an ordered list that come after a keyset position."""
    first, *deeper = zip(order, keyset, strict=True)
    later, tied = Q(**{f"{first[0]}__gt": first[1]}), Q(**{first[0]: first[1]})
    for path, value in deeper:
        later |= tied & Q(**{f"{path}__gt": value})
        tied &= Q(**{path: value})
    # The redundant second condition makes databases start an index scan at the right place.
    return queryset.filter(later, **{f"{first[0]}__gte": first[1]})


def keyset_fits(keyset: KeysetPosition, model: type[models.Model], order: tuple[str, ...]) -> bool:
    """Does a keyset position from a caller have a value of the right type for each order field?"""
    kinds = [str if isinstance(field_at(model, path), models.CharField) else int for path in order]
    return [type(value) for value in keyset] == kinds and all(
        isinstance(value, str) or 0 <= value < 2**31 for value in keyset
    )


def value_at(row: Any, path: str) -> Any:
    """The value of a row at a path of field names, such as `position__order_key`."""
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def field_at(model: type[models.Model], path: str) -> Any:
    """The field of a model at a path of field names, such as `position__order_key`."""
    related: Any = model
    *relations, last = path.split("__")
    for name in relations:
        related = related._meta.get_field(name).related_model
    return next(field for field in related._meta.fields if last in {field.name, field.attname})
