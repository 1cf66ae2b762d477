"""A list may be filtered, searched and sorted only by declared columns, and only by those that the person may view.

The rows that a list finds, and their order, disclose the values of a column just as displaying it does.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from roster.admin.filters import ByAutocomplete


def models_on(path: str, model: type[Model]) -> Iterator[type[Model]]:
    """The models that a path of fields leads to: `"-position__organization__name"` leads from a membership to two."""
    for name in path.lstrip("-^=@").split(LOOKUP_SEP):
        try:
            field: Any = model._meta.get_field(name)
        except FieldDoesNotExist:  # "pk", a lookup or a transform
            return
        if not field.is_relation or name == getattr(field, "attname", None) != field.name:
            return
        model = field.related_model
        yield model


def parameters_of(filters: Iterable[Any], model: type[Model]) -> Iterator[str]:
    """The query parameters of these filters of a list."""
    for declared in filters:
        if isinstance(declared, str):
            field: Any = get_fields_from_path(model, declared)[-1]
            key = f"{declared}__{field.target_field.name}" if field.is_relation else declared
            yield from (f"{key}__exact", f"{declared}__isnull")
        elif issubclass(declared, SimpleListFilter):
            yield str(declared.parameter_name)
        elif issubclass(declared, ByAutocomplete):
            yield declared.parameter


class DeclaredLookups:
    """A table that is sorted only by declared columns, and not by columns of a model that the person may not view."""

    model: type[Model]
    admin_site: Any

    def may_read(self, request: HttpRequest, path: str) -> bool:
        """May this person view all models on a path of fields?"""
        return all(self.admin_site.may_view(request, model) for model in models_on(path, self.model))

    def get_ordering(self, request: HttpRequest) -> Any:
        """The declared order, without the columns that this person may not read."""
        ordering: Any = super().get_ordering(request)  # type: ignore[misc]
        return tuple(path for path in ordering or () if self.may_read(request, path))


class DeclaredListLookups(DeclaredLookups):
    """The same for a list, with its filters, its search and its sortable columns."""

    def get_list_filter(self, request: HttpRequest) -> Any:
        filters: Any = super().get_list_filter(request)  # type: ignore[misc]
        return tuple(
            declared
            for declared in filters
            if self.may_read(request, declared if isinstance(declared, str) else getattr(declared, "relation", ""))
        )

    def get_search_fields(self, request: HttpRequest) -> Any:
        fields: Any = super().get_search_fields(request)  # type: ignore[misc]
        return tuple(path for path in fields if self.may_read(request, path))

    def get_sortable_by(self, request: HttpRequest) -> Any:
        columns: Any = super().get_sortable_by(request)  # type: ignore[misc]
        return tuple(column for column in columns if self.may_read(request, self._sorted_by(column)))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Is this the parameter of a filter of the list? All other lookups are refused, even by columns of the list."""
        return request is not None and lookup in parameters_of(self.get_list_filter(request), self.model)

    def _sorted_by(self, column: Any) -> str:
        """The path of fields that a column is sorted by."""
        shown = getattr(self, column, None) or getattr(self.model, column, None)
        return str(getattr(shown, "admin_order_field", None) or column)
