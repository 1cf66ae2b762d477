"""Relations are chosen by autocomplete: in forms, in tables of forms, and in the filters of lists."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db.models import DateField, DateTimeField, JSONField, QuerySet, URLField
from django.http import HttpRequest

from roster.admin.forms import JSONText
from roster.api.parameters import MAX_ID

DAY = "Write the day as year-month-day, such as 2026-11-28."
TIME = "Write the time as hours:minutes, such as 14:30."
"""Only one format each, because 05/11/2026 is a day in May or in November, depending on the country."""


def is_id(text: Any) -> bool:
    """Can this be the id of a row? A URL may contain any text in its place."""
    text = str(text)
    return text.isascii() and text.isdigit() and int(text) <= MAX_ID


class ChosenById(AutocompleteMixin):
    """An autocomplete field that shows the chosen rows, and ignores values that are not ids."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        return super().optgroups(name, [chosen for chosen in value if is_id(chosen)], attr)


class ChosenOne(ChosenById, AutocompleteSelect):
    """One row of a table."""


class ChosenSeveral(ChosenById, AutocompleteSelectMultiple):
    """Several rows of a table."""


class RelationsByAutocomplete:
    """Every relation of a form is chosen by autocomplete, with the order and the joins of the related model's list."""

    formfield_overrides: Any = {
        URLField: {"assume_scheme": "https"},
        JSONField: {"form_class": JSONText},
        DateField: {"input_formats": ["%Y-%m-%d"], "error_messages": {"invalid": DAY}},
        DateTimeField: {
            "input_date_formats": ["%Y-%m-%d"],
            "input_time_formats": ["%H:%M", "%H:%M:%S"],
            "error_messages": {"invalid_date": DAY, "invalid_time": TIME},
        },
    }
    opts: Any
    admin_site: Any

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        return [field.name for field in (*self.opts.fields, *self.opts.many_to_many) if field.remote_field]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", ChosenOne(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("widget", ChosenSeveral(db_field, self.admin_site))
        return super().formfield_for_manytomany(db_field, request, **kwargs)  # type: ignore[misc]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Allow viewing and adding related rows here, but not changing or deleting them."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_delete_related = False
        if isinstance(field, forms.DateField | forms.SplitDateTimeField):
            example = "As 2026-11-28." if isinstance(field, forms.DateField) else "As 2026-11-28 and 14:30."
            field.help_text = f"{field.help_text} {example}".strip()
        return field

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.admin_site.get_model_admin(db_field.remote_field.model).get_queryset(request)
        return rows
