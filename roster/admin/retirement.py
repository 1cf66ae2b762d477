"""Rows that other rows refer to cannot be deleted, but can be retired."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db.models import PROTECT, QuerySet
from django.http import HttpRequest

from roster.admin.pages import StaffAdmin

MAX_NAMED = 20
"""Maximum number of rows that a confirmation page lists by name. It only counts the rest."""


class ChoicesAdmin(StaffAdmin):
    """A model that is not on the start page. Its rows can be chosen on other pages, but not added or changed."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class NoDeleteAdmin(StaffAdmin):
    """Refuses to delete rows that others refer to, and shows how many rows of which model refer to them."""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """As in Django: the rows to delete, their number by model, missing permissions, and what prevents deletion."""
        protected: list[str] = []
        counts = {str(self.opts.verbose_name_plural): row_count(objs)}
        for relation in self.opts.related_objects:
            if relation.many_to_many:
                continue
            found = relation.related_model._base_manager.filter(**{f"{relation.field.name}__in": objs}).count()
            if found and self.prevents_deletion(relation):
                protected.append(count_phrase(found, relation.related_model))
            elif found:
                counts[str(relation.related_model._meta.verbose_name_plural)] = found
        return preview_names(objs), counts, self.missing_permissions(request, objs), protected

    def missing_permissions(self, request: HttpRequest, rows: Iterable[Any]) -> set[str]:
        """The model, if the person may delete none of its rows; otherwise each row that the person may not delete."""
        if not self.has_delete_permission(request):
            return {str(self.opts.verbose_name)}
        return set(preview_names([row for row in rows if not self.has_delete_permission(request, row)]))

    def prevents_deletion(self, relation: Any) -> bool:
        """Does this relation prevent the deletion of the row it refers to? The history does so for the people in it."""
        return relation.on_delete is PROTECT or relation.related_model is LogEntry


class RetiringAdmin(NoDeleteAdmin):
    """Rows that can be retired when they are no longer used, and reactivated."""

    actions = ("retire", "reactivate")
    delete_confirmation_template = "admin/retiring_delete_confirmation.html"
    delete_selected_confirmation_template = "admin/retiring_delete_selected_confirmation.html"

    def is_retired(self, row: Any) -> bool:
        return not row.is_active

    def get_buttons(self, row: Any) -> tuple[str, ...]:
        return ("reactivate",) if self.is_retired(row) else ("retire",)

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.carry_out(request, queryset, lambda rows: rows.retire(), done="retired")  # type: ignore[attr-defined]

    @admin.action(description="Reactivate", permissions=["change"])
    def reactivate(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.carry_out(request, queryset, lambda rows: rows.reactivate(), done="reactivated")  # type: ignore[attr-defined]

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is not None and "retire" in self.get_buttons(row) and self._may(request, row):
            extra_context = {**(extra_context or {}), "retire_url": self.button_url("retire", row)}
        return super().delete_view(request, object_id, extra_context)

    def _may(self, request: HttpRequest, row: Any) -> bool:
        return self.has_change_permission(request, row)


def row_count(rows: Any) -> int:
    return rows.count() if isinstance(rows, QuerySet) else len(rows)


def preview_names(rows: Iterable[Any]) -> list[str]:
    """The first rows by name, and how many more there are."""
    shown = [str(row) for row in rows[:MAX_NAMED]]  # type: ignore[index]
    more = row_count(rows) - len(shown)
    return [*shown, f"... and {more:,} more"] if more else shown


def count_phrase(number: int, model: Any) -> str:
    """The number with the name of the model, such as “12 positions”."""
    opts = model._meta
    return f"{number:,} {opts.verbose_name if number == 1 else opts.verbose_name_plural}"
