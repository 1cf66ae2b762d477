"""The filters of the API. FilterSets declare one for each parameter, with the fields of the item that it reads.

A filter on a field that the audience may not read is refused with 403: its result would reveal the withheld value.
"""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.sql.where import AND, WhereNode
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from roster import days
from roster.api.parameters import MAX_ID, TRUE, ChoiceField, FlagParameter, InstantField, Query, WholeNumberField, parse
from roster.names import search_key
from roster.privacy import Audience


class WireFilter(django_filters.Filter):
    """A filter of one parameter.

    `reads` names the fields of the item that it compares; the default is the field of its own name. `prepare` converts
    a value to the form in which columns are compared, and `narrow` adds the condition to the query.
    """

    accepts_blank = False
    when_unset: bool | None = None
    """The value to which omitting the parameter is equivalent, if there is one."""
    narrows = True
    """Does it select rows, and not only change what is rendered?"""
    leaves_few = False
    """Does it select only a few rows, even of a large table?"""
    keeps: bool | None = None
    """For flags: the value of most rows. A list filtered only by it is nearly as long as without a filter."""
    is_bound = True
    """Does `narrow` accept a placeholder for the prepared value? Not if it depends on the value."""

    def __init__(self, *args: Any, reads: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        self.reads = reads
        if reads == ():
            self.narrows = False
        super().__init__(*args, **kwargs)

    def may_be_used(self, name: str, query: Mapping[str, str], allowed: frozenset[str], audience: Audience) -> bool:
        """May an audience that may read the `allowed` fields use this filter with the value in `query`?"""
        return allowed.issuperset((name,) if self.reads is None else self.reads)

    def prepare(self, value: Any) -> Any:
        """The value in the form in which columns are compared; None if this value does not filter."""
        return value

    def shape(self, value: Any) -> Hashable:
        """The part of a value that changes the SQL of the query; None if the value is only a query parameter."""
        return None if self.is_bound else value

    def picks_few(self, relation: str) -> bool:
        """Does it select only a few rows, and not by a column of the related row at `relation`?"""
        return False

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        """The rows that match a prepared value."""
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": prepared})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        prepared = None if value is None else self.prepare(value)
        return qs if prepared is None else self.narrow(qs, prepared)


class IdFilter(WireFilter):
    """An exact id. `leaves_few`: do only few rows have the same id?"""

    field_class = WholeNumberField

    def __init__(self, *args: Any, leaves_few: bool = True, **kwargs: Any) -> None:
        self.leaves_few = leaves_few
        super().__init__(*args, **kwargs)

    def picks_few(self, relation: str) -> bool:
        return not str(self.field_name).startswith(f"{relation}__")


class FlagFilter(WireFilter):
    """A boolean that a column equals."""

    field_class = FlagParameter
    is_bound = False

    def __init__(self, *args: Any, keeps: bool | None = None, **kwargs: Any) -> None:
        self.keeps = keeps
        super().__init__(*args, **kwargs)

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        """The rows with this value; an empty query if the visible rows are already limited to the other value."""
        others = qs.filter(**{str(self.field_name): not prepared}).query.where.children[-1]
        return qs.none() if others in conditions(qs.query.where) else super().narrow(qs, prepared)


def conditions(where: Any) -> Iterator[Any]:
    """The conditions that all rows of a query satisfy."""
    for condition in where.children if where.connector == AND and not where.negated else ():
        if isinstance(condition, WhereNode):
            yield from conditions(condition)
        else:
            yield condition


class QuerySetMethodFilter(FlagFilter):
    """True applies a method of the QuerySet; false and unset do not."""

    when_unset = False

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        self.queryset_method = word
        super().__init__(*args, **kwargs)

    def prepare(self, value: Any) -> Any:
        return value or None

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        narrowed: QuerySet[Any] = getattr(qs, self.queryset_method)()
        return narrowed


class IncludeDeletesFilter(FlagFilter):
    """True includes deleted rows, for audiences that may see them. Most resources have no deleted rows."""

    narrows = False
    when_unset = False

    def may_be_used(self, name: str, query: Mapping[str, str], allowed: frozenset[str], audience: Audience) -> bool:
        return audience.may_include_deleted or query.get(name, "").lower() not in TRUE

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs


class ChoiceFilter(WireFilter):
    """A value of a closed list."""

    field_class = ChoiceField


class OrderFilter(ChoiceFilter):
    """Replaces the default order of the list by the order of a column that never changes."""

    is_bound = False

    def __init__(self, *, column: str, printed: str, **kwargs: Any) -> None:
        super().__init__(choices=[(column, printed)], reads=(), **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """All rows: `WireFilterSet.in_order` sorts them."""
        return qs


class TextFilter(WireFilter):
    """An exact identifier; surrounding spaces are removed."""

    def prepare(self, value: Any) -> Any:
        return value.strip()


class SearchKeyFilter(WireFilter):
    """A text, compared by its search key with a column of search keys."""

    def prepare(self, value: Any) -> Any:
        return search_key(value)


class UsernameFilter(SearchKeyFilter):
    """A username in any letter case; surrounding spaces are removed, and a blank one matches nobody.

    `field_name` is the path to its search key.
    """

    accepts_blank = True
    leaves_few = True

    def prepare(self, value: Any) -> Any:
        return search_key(value.strip())

    def picks_few(self, relation: str) -> bool:
        return True

    def shape(self, value: Any) -> Hashable:
        return bool(value.strip())

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        is_blank = isinstance(prepared, str) and not prepared.strip()
        return qs.none() if is_blank else super().narrow(qs, prepared)


class NameOrIdFilter(WireFilter):
    """A name, compared by its search key, or an id: a number is an id. `field_name` is the path to the relation."""

    is_bound = False

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        if prepared.isascii() and prepared.isdigit():
            digits = prepared.lstrip("0") or "0"
            is_id = len(digits) <= len(str(MAX_ID)) and int(digits) <= MAX_ID
            return qs.filter(**{self.field_name: int(digits)}) if is_id else qs.none()
        named = {f"{self.field_name}__name_folded": search_key(prepared)}
        if qs.model._meta.get_field(self.field_name).many_to_many:  # a row may have several of this name
            return qs.filter(pk__in=qs.model._default_manager.filter(**named).values("pk"))
        return qs.filter(**named)


class FromInstantFilter(WireFilter):
    """Stored instants at or after an instant."""

    field_class = InstantField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "gte", **kwargs})

    def prepare(self, value: Any) -> Any:
        return days.instant(value)


class BeforeInstantFilter(FromInstantFilter):
    """Stored instants before an instant, so that consecutive windows do not overlap."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "lt", **kwargs})


class StartsFromFilter(FromInstantFilter):
    """Days whose printed midnight is at or after an instant: those after the last day with an earlier midnight."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "gt", **kwargs})

    def prepare(self, value: Any) -> Any:
        return days.last_day_before(value)


class EndsUntilFilter(FromInstantFilter):
    """Days whose printed midnight is at or before an instant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "lte", **kwargs})

    def prepare(self, value: Any) -> Any:
        return days.last_day_until(value)


class WireFilterSet(django_filters.FilterSet):
    """The parameters of one list: declared like any FilterSet, applied without a form or a copy for each request."""

    @classmethod
    def parse(cls, query: Query) -> dict[str, Any]:
        """The values of the filters that `query` sets; errors go into `query.errors`."""
        return parse({name: declared.field for name, declared in cls.base_filters.items() if name in query}, query)

    @classmethod
    def narrow(cls, queryset: QuerySet[Any], asked: Mapping[str, Any]) -> QuerySet[Any]:
        """The rows that match every parsed value. Filters that are not set are applied too: they may have a default."""
        for name, declared in cls.base_filters.items():
            queryset = declared.filter(queryset, asked.get(name))
        return queryset

    @classmethod
    def in_order(cls, queryset: Any, asked: Mapping[str, Any], audience: Audience) -> QuerySet[Any]:
        """The rows in the requested order, or else in the default order of the list."""
        columns = [asked[name] for name in asked if isinstance(cls.base_filters[name], OrderFilter)]
        ordered: QuerySet[Any] = queryset.order_by(*columns) if columns else queryset.in_wire_order(audience)
        return ordered


class FilterBackend(BaseFilterBackend):
    """Selects the rows that the caller may see and that match its filters, in the order of the list."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = view.get_filterset_class()
        visible = filterset.narrow(queryset.visible_to(view.audience), view.asked)
        return filterset.in_order(visible.with_wire_fields(view.audience), view.asked, view.audience)
