"""Launches, service keys, and the people who were disclosed to tools."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from lti.admin.filters import (
    ByCourse,
    ByLink,
    ByOrganization,
    ByOrganizationOfLaunch,
    ByTool,
    ByToolOfLaunch,
)
from lti.admin.keys import ShownAdmin
from lti.models import Disclosed, Launch, ServiceKey


class RevocableAdmin(ShownAdmin):
    """Launches, whose revocation ends the ltik, or service keys, newest first."""

    list_select_related: ClassVar[tuple[str, ...]] = ()
    ordering = ("-id",)
    actions = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_buttons(self, row: Any) -> tuple[str, ...]:
        return () if row.revoked_at else ("revoke",)

    @admin.action(description="Revoke", permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        now = timezone.now()
        rows = queryset.filter(revoked_at=None)
        self.carry_out(request, rows, lambda found: found.update(revoked_at=now), done="revoked")


@admin.register(Launch)
class LaunchAdmin(RevocableAdmin):
    """Launches of tools, with the person and the resource link."""

    list_display = ("user", "resource_link", "created_at", "completed_at", "revoked_at")
    list_filter = (ByToolOfLaunch, ByOrganizationOfLaunch, ByLink)
    list_select_related = ("user", "resource_link__deployment__tool", "resource_link__context__organization")
    search_fields = ("user__username_folded__startswith",)
    search_help_text = "Start of the username"
    fields = readonly_fields = ("uuid", "user", "resource_link", "created_at", "completed_at", "revoked_at")


@admin.register(ServiceKey)
class ServiceKeyAdmin(RevocableAdmin):
    """Keys with which tools read rosters in jobs without a user. A launch after a revocation creates a new key."""

    list_display = ("tool", "context", "course", "created_at", "revoked_at")
    list_filter = (ByTool, ByOrganization, ByCourse)
    list_select_related = ("tool", "deployment__tool", "context__organization", "course__deployment__platform")
    search_fields = (
        "tool__name__icontains",
        "context__organization__name_folded__contains",
        "course__title__icontains",
    )
    search_help_text = "Tool, organization or course"
    fields = readonly_fields = ("uuid", "tool", "deployment", "context", "course", "created_at", "revoked_at")


@admin.register(Disclosed)
class DisclosedAdmin(ShownAdmin):
    """The people disclosed to each tool, with the organization and the first time."""

    list_display = ("user", "tool", "context", "first_told_at")
    list_filter = (ByTool, ByOrganization)
    list_select_related = ("user", "tool", "context__organization")
    search_fields = ("user__username_folded__startswith",)
    search_help_text = "Start of the username"
    ordering = ("-id",)
    fields = readonly_fields = ("user", "tool", "context", "first_told_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
