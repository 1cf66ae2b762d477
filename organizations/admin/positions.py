from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from organizations.admin.filters import ByOrganization
from organizations.models import Position
from roster.admin.pages import Link
from roster.admin.retirement import RetiringAdmin


@admin.register(Position)
class PositionAdmin(RetiringAdmin):
    """The positions of organizations."""

    list_display = ("name", "organization", "template", "type", "is_active")
    list_filter = (ByOrganization, "is_active", "type", "template")
    search_fields = ("name_folded__contains", "organization__name_folded__contains")
    search_help_text = "Names of position and organization: “president chess”"
    ordering = ("order_key", "id")
    readonly_fields = ("created_at", "modified_at")
    inlines: ClassVar[list[Any]] = []
    links: list[Link] = []
    fieldsets = (
        (None, {"fields": ("organization", "name", "template", "type", "is_active")}),
        ("Record", {"fields": ("created_at", "modified_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Join the organization, which the name of a position includes. (This replaces list_select_related.)"""
        return super().get_queryset(request).select_related("organization", "template", "type")

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return self.inlines if obj else []

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """A saved position cannot move to another organization, because its memberships would move with it."""
        return ("organization", *self.readonly_fields) if obj else self.readonly_fields

    def describe(self, row: Position) -> str:
        marks = [f"no. {row.pk}"] if row.is_active else [f"no. {row.pk}", "retired"]
        return " · ".join([str(row), *marks])
