"""Past syncs, recognized people, and the notice on memberships that a sync created."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from lti.admin.filters import ByCourseLink
from lti.admin.keys import ShownAdmin
from lti.models import CourseSync, Recognized, SyncedMembership
from memberships.admin import MembershipAdmin
from memberships.models import Membership
from roster import days
from roster.admin.retirement import NoDeleteAdmin


@admin.register(CourseSync)
class CourseSyncAdmin(ShownAdmin):
    """Past syncs, with their time, user and numbers of changes. They contain no names of members."""

    list_display = ("link", "begun_at", "outcome", "members", "added", "ended", "unmatched")  # what fits beside filters
    list_filter = ("outcome", ByCourseLink)
    list_select_related = ("link__organization", "link__course", "by")
    ordering = ("-begun_at", "-id")
    fields = readonly_fields = (
        *("link", "begun_at", "by", "outcome", "reason", "allowed_ends", "members", "added", "kept", "already_there"),
        *("ended", "left_out", "unmatched", "unmapped"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Recognized)
class RecognizedAdmin(NoDeleteAdmin):
    """The accounts that syncs have found for people of an LMS. Delete a wrong one; the next sync searches again."""

    list_display = ("user", "platform", "way", "first_at")
    list_filter = ("way",)
    list_select_related = ("user", "platform")
    search_fields = ("user__username_folded__startswith", "subject__startswith")
    search_help_text = "Start of the username, or of the id in the LMS"
    ordering = ("-id",)
    fields = readonly_fields = ("user", "platform", "subject", "way", "first_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def made_by_sync(membership: Membership) -> str:
    """The notice of a membership that a sync created: the course, and whether a sync may end it. "" for others."""
    row = SyncedMembership.objects.filter(membership=membership).select_related("link__course").first()
    if row is None:
        return ""
    notice = f"A sync of the course “{row.link.course}” created this membership"
    if row.is_open and (membership.recorded_end is None or membership.recorded_end >= days.today()):
        return f"{notice}, and a sync ends it when the person leaves the course."
    return f"{notice}. Syncs no longer change it."


MembershipAdmin.notices.append(made_by_sync)
