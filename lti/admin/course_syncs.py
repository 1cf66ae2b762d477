"""What syncs did, and who was recognized."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from lti.admin.filters import ByCourseLink
from lti.admin.keys import ShownAdmin
from lti.models import CourseSync, Recognized
from roster.admin.retiring import KeptAdmin


@admin.register(CourseSync)
class CourseSyncAdmin(ShownAdmin):
    """Runs of syncs: when, by whom, how much changed. They name nobody."""

    list_display = (
        *("link", "begun_at", "by", "outcome", "members", "added", "kept", "already_there", "ended", "unmatched"),
    )
    list_filter = ("outcome", ByCourseLink)
    list_select_related = ("link__organization", "link__course", "by")
    ordering = ("-begun_at", "-id")
    fields = readonly_fields = (
        *("link", "begun_at", "by", "outcome", "said", "allowed_ends", "members", "added", "kept", "already_there"),
        *("ended", "left_out", "unmatched", "unmapped"),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Recognized)
class RecognizedAdmin(KeptAdmin):
    """Which person of an LMS is whom on campus. One that is wrong is deleted; the next sync looks anew."""

    list_display = ("user", "platform", "subject", "way", "first_at")
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
