"""Filters as the wire knows them. FilterSets declare one a parameter; each says which printed fields it reads.

A filter on a field that the audience may not read is refused with 403: its answer would tell what the field hides.
"""

from collections.abc import Mapping
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.request import Request

from roster import days
from roster.api.parameters import LARGEST_ID, FlagField, InstantField, WholeNumberField, WordField
from roster.names import fold
from roster.privacy import Audience


class WireFilter(django_filters.Filter):
    """A filter with the names of the printed fields that it reads; none named: the field of its own name."""

    accepts_blank = False

    def __init__(self, *args: Any, reads: tuple[str, ...] | None = None, **kwargs: Any) -> None:
        self.reads = reads
        super().__init__(*args, **kwargs)

    def may_be_used(self, name: str, query: Mapping[str, str], allowed: frozenset[str], audience: Audience) -> bool:
        """May an audience that reads the `allowed` fields ask what `query` asks by this filter?"""
        return allowed.issuperset((name,) if self.reads is None else self.reads)


class IdFilter(WireFilter):
    """An exact id."""

    field_class = WholeNumberField


class FlagFilter(WireFilter):
    """A boolean; the values of a method filter are True and False, and None when it is not set."""

    field_class = FlagField


class OnlyFilter(FlagFilter):
    """True narrows by the QuerySet word `word`; false and unset do not."""

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        self.word = word
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return getattr(qs, self.word)() if value else qs


class WordFilter(WireFilter):
    """One word of a closed list."""

    field_class = WordField


class TextFilter(WireFilter):
    """An exact text."""


class FoldedFilter(WireFilter):
    """A text, compared in folded form with a folded column."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(**{f"{self.field_name}__{self.lookup_expr}": fold(value)})


class UsernameFilter(WireFilter):
    """A username without regard to case, by the QuerySet word `word`. A blank one is nobody's, not an error."""

    accepts_blank = True

    def __init__(self, *args: Any, word: str, **kwargs: Any) -> None:
        self.word = word
        super().__init__(*args, **kwargs)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else getattr(qs, self.word)(value)


class NameOrIdFilter(WireFilter):
    """A name, compared in folded form, or an id: a number is taken as the id. `field_name` leads to the relation."""

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value is None:
            return qs
        if not (value.isascii() and value.isdigit()):
            return qs.filter(**{f"{self.field_name}__name_folded": fold(value)})
        is_id = len(value) <= len(str(LARGEST_ID)) and int(value) <= LARGEST_ID
        return qs.filter(**{self.field_name: int(value)}) if is_id else qs.none()


class FromInstantFilter(WireFilter):
    """Stored instants at or after an instant."""

    field_class = InstantField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(Q(**{f"{self.field_name}__gte": days.instant(value)}))


class BeforeInstantFilter(WireFilter):
    """Stored instants before an instant, so that windows tile."""

    field_class = InstantField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(Q(**{f"{self.field_name}__lt": days.instant(value)}))


class StartsFromFilter(WireFilter):
    """Days whose printed midnight is at or after an instant."""

    field_class = InstantField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(Q(**{f"{self.field_name}__gte": days.first_day_from(value)}))


class EndsUntilFilter(WireFilter):
    """Days whose printed midnight is at or before an instant."""

    field_class = InstantField

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(Q(**{f"{self.field_name}__lte": days.day_of(value)}))


class FilterBackend(DjangoFilterBackend):
    """django-filter over the query that the view has read, checked and found good."""

    def get_filterset_class(self, view: Any, queryset: Any = None) -> Any:
        return view.get_filterset_class()

    def get_filterset_kwargs(self, request: Request, queryset: QuerySet[Any], view: Any) -> dict[str, Any]:
        return {"data": view.query, "queryset": queryset, "request": request}
