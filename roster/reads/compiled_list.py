"""A list that is read by compiled queries."""

from array import array
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from django.db import connection

from roster.reads.item_list import KeysetPosition, OrmList, keyset_fits
from roster.reads.list_cache import Checkpoints, ListCache
from roster.reads.list_queries import KEYSET_PARAMETER, LIMITED_BY, USER_ID, ListQueries, compile_list_queries
from roster.reads.list_request import ListRequest
from roster.reads.lru_cache import LRUCache
from roster.reads.snapshot import Snapshot
from roster.reads.statements import KEYS, Statement, StatementValues


class CompiledList:
    """A list that is read by compiled queries, with the values of one request."""

    def __init__(self, plan: ListQueries, values: StatementValues, snapshot: Snapshot) -> None:
        self.plan = plan
        self.values = values
        self.cache = ListCache((id(plan), *values.items()), plan, snapshot)

    def total(self) -> int:
        return self.cache.total(self._count, self.plan.is_costly) if self.keys is None else len(self.keys)

    def page(self, start: int, size: int) -> list[tuple[KeysetPosition, Any]]:
        if self.keys is not None:
            return self._rows_of_keys(self.keys[start : start + size])
        plan = self.plan
        find_checkpoints = partial(self._checkpoints, plan.map) if plan.map else None
        known, keyset = self.cache.nearest_checkpoint(
            start, find_checkpoints, is_costly=plan.is_costly, is_sparse=plan.key_queries is not None
        )
        if keyset is None:
            rows = self.plan.pages.at.rows(self.values, size, start)
        else:
            rows = self._after(keyset, start - known, size)
        return self._items(start, rows)

    def page_after(self, keyset: KeysetPosition, start: int, size: int) -> list[tuple[KeysetPosition, Any]]:
        if self.keys is not None and keyset[-1] in self.keys:
            start += self.keys.index(keyset[-1]) + 1
            return self._rows_of_keys(self.keys[start : start + size])
        return self._items(None, self._after(keyset, start, size))

    def is_valid_keyset(self, keyset: KeysetPosition) -> bool:
        return keyset_fits(keyset, self.plan.model, self.plan.order)

    @cached_property
    def keys(self) -> "array[int] | None":
        """The keys of all rows, if the list is short and uses the key cache."""
        key_queries = self.plan.key_queries
        return self.cache.keys(lambda: key_queries.all_keys(self.values)) if key_queries else None

    def _rows_of_keys(self, keys: "array[int]") -> list[tuple[KeysetPosition, Any]]:
        key_queries = self.plan.key_queries
        return (
            self._items(None, key_queries.rows.rows({**self.values, KEYS: keys.tolist()}))
            if key_queries and keys
            else []
        )

    def _count(self) -> int:
        ((number,),) = self.plan.total.rows(self.values)
        return int(number)

    def _checkpoints(self, statement: Statement) -> Checkpoints:
        rows = statement.rows(self.values)
        missing = (
            [0] * (len(self.plan.order) - len(rows[0]) + 2) if rows else []
        )  # position in the group: before its first row
        return [(row[-2], [*row[:-2], *missing]) for row in rows], rows[0][-1] if rows else 0

    def _after(self, keyset: KeysetPosition, start: int, size: int) -> list[Any]:
        values = {**self.values, **{f"{KEYSET_PARAMETER}{index}": value for index, value in enumerate(keyset)}}
        return self.plan.pages.after.rows(values, size, start)

    def _items(self, start: int | None, rows: list[Any]) -> list[tuple[KeysetPosition, Any]]:
        width = len(self.plan.order)
        items = self.plan.columns.items(rows)
        if rows:
            keys = [row[-1] for row in rows]
            for nested in self.plan.nested:
                nested.put(items, keys, self.values)
        found = [(row[-width:], item) for row, item in zip(rows, items, strict=True)]
        if start is not None and len(found) > 1:  # the last row belongs to the next page
            self.cache.add_checkpoint(start + len(found) - 1, found[-2][0])
        return found


def compiled_list(request: ListRequest) -> CompiledList | None:
    """The requested list, read by compiled queries; None if it cannot be compiled."""
    filters, audience = request.filters, request.audience
    shape = (
        request.resource,
        connection.vendor,
        replace(audience, limited_by=audience.limited_by and 1, user_id=audience.user_id and 1),
        tuple((name, filters[name].shape(value)) for name, value in request.asked.items()),
    )
    try:
        plan = _list_queries[shape]
    except KeyError:
        plan = _list_queries[shape] = compile_list_queries(request)
    if plan is None:
        return None
    now = request.read_snapshot()
    values = {name: filters[name].prepare(value) for name, value in request.asked.items()}
    values |= {LIMITED_BY: audience.limited_by, USER_ID: audience.user_id}
    return CompiledList(plan, values, now)


def orm_list(request: ListRequest) -> OrmList:
    """The requested list, read by Django and DRF; its total is cached too."""
    values = tuple((name, request.filters[name].prepare(value)) for name, value in request.asked.items())
    cache = ListCache((request.resource, request.audience, values), request.serializer_class, request.read_snapshot())
    return OrmList(request.visible_rows(), request.make_serializer, cache)


_list_queries: LRUCache[ListQueries | None] = LRUCache(500)
