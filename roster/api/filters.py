"""Filters as the wire knows them. FilterSets declare one a parameter; each says which printed fields it reads.

A filter on a field that the audience may not read is refused with 403: its answer would tell what the field hides.
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

    `reads` names the printed fields it compares with; none named: the field of its own name. A value passes through
    `prepare` into the form in which columns are compared, and `narrow` puts that into the query.
    """

    accepts_blank = False
    when_unset: bool | None = None
    """What leaving the parameter out means, where that is the same as one of its values."""
    narrows = True
    """Does it decide which rows are answered, and not only what is printed of them?"""
    leaves_few = False
    """Does it leave few rows, however many there are?"""
    keeps: bool | None = None
    """The value that most rows have, of a flag: a list that this alone narrows is nearly as long as without it."""
    is_bound = True
    """Can `narrow` take a placeholder for the prepared value? One that looks at its value cannot."""

    def __init__(self, *args: Any, reads: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        self.reads = reads
        if reads == ():
            self.narrows = False
        super().__init__(*args, **kwargs)

    def may_be_used(self, name: str, query: Mapping[str, str], allowed: frozenset[str], audience: Audience) -> bool:
        """May an audience that reads the `allowed` fields ask what `query` asks by this filter?"""
        return allowed.issuperset((name,) if self.reads is None else self.reads)

    def prepare(self, value: Any) -> Any:
        """The value as columns are compared with it; None where this value does not narrow."""
        return value

    def shape(self, value: Any) -> Hashable:
        """What of a value decides how the query looks: nothing, where the prepared value is only bound into it."""
        return None if self.is_bound else value

    def picks_few(self, relation: str) -> bool:
        """Does it leave only a few rows, other than those of a row that `relation` leads to?"""
        return False

    def narrow(self, qs: QuerySet[Any], prepared: Any) -> QuerySet[Any]:
        """The rows that match a prepared value."""
        return qs.filter(**{f"{self.field_name}__{self.lookup_expr}": prepared})

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        prepared = None if value is None else self.prepare(value)
        return qs if prepared is None else self.narrow(qs, prepared)


class IdFilter(WireFilter):
    """An exact id. `leaves_few`: is it that of a row to which few others belong?"""

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
        """The rows of this value: none, without a search, where all rows that are seen have the other one."""
        others = qs.filter(**{str(self.field_name): not prepared}).query.where.children[-1]
        return qs.none() if others in conditions(qs.query.where) else super().narrow(qs, prepared)


def conditions(where: Any) -> Iterator[Any]:
    """The conditions that all rows of a query meet."""
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
    """True asks for deleted rows too, and is for those who may see some. Of most resources none is ever deleted."""

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
    """Another order of the list than its own: by a column that never changes, which the choice names."""

    is_bound = False

    def __init__(self, *, column: str, printed: str, **kwargs: Any) -> None:
        super().__init__(choices=[(column, printed)], reads=(), **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """All rows: `WireFilterSet.in_order` puts them in order."""
        return qs


class TextFilter(WireFilter):
    """An exact identifier, spaces around it dropped."""

    def prepare(self, value: Any) -> Any:
        return value.strip()


class SearchKeyFilter(WireFilter):
    """A text, compared by its search key with a column of search keys."""

    def prepare(self, value: Any) -> Any:
        return search_key(value)


class UsernameFilter(SearchKeyFilter):
    """A username in any letter case, without spaces around it; a blank one matches nobody.

    `field_name` leads to its search key.
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
    """A name, compared by its search key, or an id: a number is an id. `field_name` leads to the relation."""

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
    """Stored instants before an instant, so that windows tile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"lookup_expr": "lt", **kwargs})


class StartsFromFilter(FromInstantFilter):
    """Days whose printed midnight is at or after an instant: those after the last whose midnight is before it."""

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
    """The parameters of one list: declared like any FilterSet, applied without a form or a copy per request."""

    @classmethod
    def parse(cls, query: Query) -> dict[str, Any]:
        """The values of the filters that `query` sets; what is wrong with the others is noted in `query.errors`."""
        return parse({name: declared.field for name, declared in cls.base_filters.items() if name in query}, query)

    @classmethod
    def narrow(cls, queryset: QuerySet[Any], asked: Mapping[str, Any]) -> QuerySet[Any]:
        """The rows that match every parsed value. A filter that is not set is asked too: it may have a default."""
        for name, declared in cls.base_filters.items():
            queryset = declared.filter(queryset, asked.get(name))
        return queryset

    @classmethod
    def in_order(cls, queryset: Any, asked: Mapping[str, Any], audience: Audience) -> QuerySet[Any]:
        """In the order that is asked for, or else in the list's own."""
        columns = [asked[name] for name in asked if isinstance(cls.base_filters[name], OrderFilter)]
        ordered: QuerySet[Any] = queryset.order_by(*columns) if columns else queryset.in_wire_order(audience)
        return ordered


class FilterBackend(BaseFilterBackend):
    """The rows that the caller may see, narrowed by what it asks for, by the methods that every QuerySet here has."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = view.get_filterset_class()
        visible = filterset.narrow(queryset.visible_to(view.audience), view.asked)
        return filterset.in_order(visible.with_wire_fields(view.audience), view.asked, view.audience)
