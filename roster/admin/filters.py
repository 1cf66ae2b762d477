from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from roster.admin.relations import ChosenOne, is_id


class ByAutocomplete(admin.ListFilter):
    """A filter of a list by one row of a large table, which is chosen by autocomplete.

    `relation` is the path from the list's rows to that table. `offered_by` is a field that refers to that table, whose
    autocomplete is used.
    """

    template = "admin/filter_by_autocomplete.html"
    parameter: str
    relation: str
    offered_by: tuple[type[Model], str]

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.admin_site = model_admin.admin_site
        chosen = params.pop(self.parameter, [""])[-1]
        if chosen and not is_id(chosen):
            raise IncorrectLookupParameters(f"{self.parameter} must be an id.")
        if chosen:
            self.used_parameters[self.parameter] = chosen

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.used_parameters.get(self.parameter)
        return queryset.filter(**{self.relation: chosen}) if chosen else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        """One choice: the autocomplete field, and the other parameters of the list, which are kept."""
        chosen = self.used_parameters.get(self.parameter, "")
        others = changelist.get_filters_params()
        search = {"q": [changelist.query]} if changelist.query else {}
        yield {
            "selected": bool(chosen),
            "widget": self._field().widget.render(
                self.parameter, chosen, {"id": f"filter-{self.parameter}", "aria-label": self.title}
            ),
            "query_string": changelist.get_query_string(remove=[self.parameter]),
            "others": [
                (name, value)
                for name, values in {**others, **search}.items()
                for value in values
                if name != self.parameter
            ],
        }

    def _field(self) -> forms.ModelChoiceField:
        model, name = self.offered_by
        field: Any = model._meta.get_field(name)
        rows = self.admin_site.get_model_admin(field.related_model).get_queryset(self.request)
        widget = ChosenOne(field, self.admin_site, attrs={"data-width": "100%"})
        return forms.ModelChoiceField(queryset=rows, widget=widget, required=False)
