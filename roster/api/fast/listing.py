"""A list with its statements at hand."""

from array import array
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from django.db import connection

from roster import changes, privacy
from roster.api.fast.plan import LIMITED_BY, ONESELF, PLACE, Plan, make_plan
from roster.api.fast.recent import Recent
from roster.api.fast.remembered import Map, Remembered
from roster.api.fast.statements import KEYS, Statement, Values
from roster.api.listing import Place, PlainListing, fits


class PreparedListing:
    """A list whose statements are at hand, with the values of one request."""

    def __init__(self, plan: Plan, values: Values, moment: changes.Moment) -> None:
        self.plan = plan
        self.values = values
        self.remembered = Remembered((id(plan), *values.items()), plan, moment)

    def total(self) -> int:
        return self.remembered.total(self._count, self.plan.is_costly) if self.keys is None else len(self.keys)

    def page(self, start: int, size: int) -> list[tuple[Place, Any]]:
        if self.keys is not None:
            return self._of_keys(self.keys[start : start + size])
        plan = self.plan
        make_map = partial(self._map, plan.map) if plan.map else None
        known, place = self.remembered.nearest(
            start, make_map, is_costly=plan.is_costly, is_sparse=plan.sieve is not None
        )
        if place is None:
            rows = self.plan.pages.at.rows(self.values, size, start)
        else:
            rows = self._after(place, start - known, size)
        return self._items(start, rows)

    def page_after(self, place: Place, start: int, size: int) -> list[tuple[Place, Any]]:
        if self.keys is not None and place[-1] in self.keys:
            start += self.keys.index(place[-1]) + 1
            return self._of_keys(self.keys[start : start + size])
        return self._items(None, self._after(place, start, size))

    def has_place(self, place: Place) -> bool:
        return fits(place, self.plan.model, self.plan.order)

    @cached_property
    def keys(self) -> "array[int] | None":
        """The keys of all rows, of a list that is sieved and short."""
        sieve = self.plan.sieve
        return self.remembered.keys(lambda: sieve.all_keys(self.values)) if sieve else None

    def _of_keys(self, keys: "array[int]") -> list[tuple[Place, Any]]:
        sieve = self.plan.sieve
        return self._items(None, sieve.rows.rows({**self.values, KEYS: keys.tolist()})) if sieve and keys else []

    def _count(self) -> int:
        ((number,),) = self.plan.total.rows(self.values)
        return int(number)

    def _map(self, statement: Statement) -> Map:
        rows = statement.rows(self.values)
        missing = [0] * (len(self.plan.order) - len(rows[0]) + 2) if rows else []  # of the row itself, in its group
        return [(row[-2], [*row[:-2], *missing]) for row in rows], rows[0][-1] if rows else 0

    def _after(self, place: Place, start: int, size: int) -> list[Any]:
        values = {**self.values, **{f"{PLACE}{index}": value for index, value in enumerate(place)}}
        return self.plan.pages.after.rows(values, size, start)

    def _items(self, start: int | None, rows: list[Any]) -> list[tuple[Place, Any]]:
        width = len(self.plan.order)
        items = self.plan.columns.items(rows)
        if rows:
            keys = [row[-1] for row in rows]
            for nested in self.plan.nested:
                nested.put(items, keys, self.values)
        found = [(row[-width:], item) for row, item in zip(rows, items, strict=True)]
        if start is not None and len(found) > 1:  # the last belongs to the next page
            self.remembered.learn(start + len(found) - 1, found[-2][0])
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
    now = moment_of(view)
    values = {name: filters[name].prepare(value) for name, value in view.asked.items()}
    values |= {LIMITED_BY: audience.limited_by, ONESELF: audience.user_id}
    return PreparedListing(plan, values, now)


def plain_listing(view: Any) -> PlainListing:
    """The list that a view's request asks for, in DRF's own way; its total is remembered all the same."""
    filters = view.get_filterset_class().base_filters
    values = tuple((name, filters[name].prepare(value)) for name, value in view.asked.items())
    remembered = Remembered((type(view), view.audience, values), view.serializer_class, moment_of(view))
    return PlainListing(view.filter_queryset(view.get_queryset()), view, remembered)


def moment_of(view: Any) -> changes.Moment:
    """The moment of a view's request, read before the list: with its key, or now."""
    of_key: changes.Moment | None = getattr(view.request._request, "moment", None)
    return changes.moment() if of_key is None or of_key.instance is None else of_key


_plans: Recent[Plan | None] = Recent(500)
