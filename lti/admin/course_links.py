"""Course links, and syncs with their reports."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from lti import roles
from lti.admin.filters import ByCourseLink, ByOrganizationItself
from lti.models import CourseLink, CourseRole, CourseSync
from lti.models.course_role import USUAL_ROLES
from lti.sync.report import SyncReport
from lti.sync.run import sync
from organizations.admin import OrganizationAdmin
from organizations.models import Organization, Position
from roster.admin.forms import ConstraintForm, FixedRelationForm
from roster.admin.grants import GrantingAdmin, GrantingForm, narrowed_by_clearing
from roster.admin.inlines import TruncatedInline
from roster.admin.pages import Link
from roster.admin.retirement import NoDeleteAdmin
from roster.models import User

MAX_READ = 5
"""Maximum number of courses of one action, because a person waits for it. The command syncs any number."""

USUAL = ", ".join(f"{role} as {template}" for role, template in USUAL_ROLES)


class CourseRoleForm(ConstraintForm):
    """A role of a course, by its short name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["role"] = roles.short_name(self.instance.role)


class CourseRoleRow(FixedRelationForm, CourseRoleForm):
    """A role in the table of its link."""


class CourseRoleInline(TruncatedInline):
    model = CourseRole
    form = CourseRoleRow
    fields = ("role", "template", "rank")
    ordering = ("rank", "id")
    more = Link("Roles", "lti_courserole", "link")
    shown = "Use “Change” to give a role another template. The next sync then replaces the positions of its members."


class CourseLinkForm(GrantingForm):
    narrowing: ClassVar[Any] = {"is_active": narrowed_by_clearing}

    class Meta:
        model = CourseLink
        fields = ()  # the page chooses


@admin.register(CourseLink)
class CourseLinkAdmin(GrantingAdmin, NoDeleteAdmin):
    """Organizations that get their members from a course."""

    form = CourseLinkForm
    list_display = ("organization", "course", "is_active", "last_sync", "outcome")
    list_filter = ("is_active", ByOrganizationItself)
    search_fields = ("organization__name_folded__contains", "organization__short_name__icontains")
    search_help_text = "Organization"
    ordering = ("organization__name_folded", "organization_id", "id")
    actions = ("preview", "sync_now")
    inlines = [CourseRoleInline]
    readonly_fields = ("created_at", "modified_at")
    links = [Link("Past syncs", "lti_coursesync", "link")]
    fieldsets: ClassVar[Any] = (
        (None, {"fields": ("organization", "course", "is_active")}),
        ("Matching of people", {"fields": ("matching",)}),
        ("Limit", {"fields": ("most_ends",)}),
        ("Record", {"fields": ("created_at", "modified_at")}),
    )

    add_fieldsets = (
        (
            None,
            {
                **fieldsets[0][1],
                "description": "People of the course become members of the organization, each in the position that the "
                "table below gives the role. A new link without roles gets the usual ones for which the "
                f"campus has templates: {USUAL}.",
            },
        ),
        *fieldsets[1:-1],
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "organization") if obj else self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        last = CourseSync.objects.filter(link=OuterRef("pk")).order_by("-begun_at", "-pk")
        links: Any = super().get_queryset(request)
        found: QuerySet[Any] = links.with_parts().annotate(
            last_begun_at=Subquery(last.values("begun_at")[:1]), last_outcome=Subquery(last.values("outcome")[:1])
        )
        return found

    @admin.display(description="last sync")
    def last_sync(self, link: Any) -> Any:
        return link.last_begun_at

    @admin.display(description="outcome")
    def outcome(self, link: Any) -> str:
        return str(CourseSync.Outcome(link.last_outcome).label) if link.last_outcome else ""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save the roles; a new link without any gets the usual ones."""
        super().save_related(request, form, formsets, change)
        if not change and not form.instance.roles.exists():
            number = CourseRole.create_usual(form.instance)
            text = f"{number} usual roles were added. Check them." if number else "The link has no roles yet: add some."
            self.message_user(request, text, messages.INFO if number else messages.WARNING)

    # Syncing

    def has_sync_permission(self, request: HttpRequest) -> bool:
        """A sync writes memberships and its report names people: it requires the permissions for both."""
        rights = ("memberships.add_membership", "memberships.change_membership")
        may_view = all(self.admin_site.may_view(request, model) for model in (User, Position, Organization))
        return self.has_change_permission(request) and request.user.has_perms(rights) and may_view

    def get_buttons(self, row: CourseLink) -> tuple[str, ...]:
        return ("preview", "sync_now") if row.is_active else ("preview",)

    @admin.action(description="Show what a sync would do", permissions=["sync"])
    def preview(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self.report_on(request, queryset, dry_run=True)

    @admin.action(description="Sync now", permissions=["sync"])
    def sync_now(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Sync. The report of a sync that stopped at the limit has a button to sync that link without the limit."""
        return self.report_on(request, queryset, allow_ends=request.POST.get("allow_ends") == "yes")

    def report_on(self, request: HttpRequest, queryset: QuerySet[Any], **options: bool) -> HttpResponse | None:
        """Sync these links, or simulate it, and show the reports on a page that is not cached."""
        links = list(queryset[: MAX_READ + 1])
        if len(links) > MAX_READ:
            self.message_user(
                request, f"Choose at most {MAX_READ} at once. `manage.py sync_course --all` syncs all.", messages.ERROR
            )
            return None
        options["allow_ends"] = options.get("allow_ends", False) and len(links) == 1
        reports = [sync(link, at=timezone.now(), by=request.user, **options) for link in links]  # type: ignore[arg-type]
        for report in reports:
            if report.is_done and not report.dry_run:
                self.log_sync(request, report)
        title = "What the sync did" if any(report.is_done for report in reports) else "Nothing was changed"
        context = {
            **self.admin_site.each_context(request),
            "title": "What a sync would do" if options.get("dry_run") else title,
            "opts": self.opts,
            "reports": [(report, self.button_url("sync_now", report.link)) for report in reports],
        }
        response = TemplateResponse(request, "admin/lti/courselink/report.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def log_sync(request: HttpRequest, report: SyncReport) -> None:
        text = f"Synced: {report.summary()}."
        LogEntry.objects.log_actions(request.user.pk, [report.link], CHANGE, text)  # type: ignore[arg-type]


@admin.register(CourseRole)
class CourseRoleAdmin(NoDeleteAdmin):
    """Only for links with many roles, whose page links to this list."""

    form = CourseRoleForm
    list_display = ("short_role", "template", "rank", "link")
    list_filter = (ByCourseLink,)
    list_select_related = ("template", "link__organization", "link__course")
    search_fields = ("role__icontains",)
    ordering = ("link__organization__name_folded", "link_id", "rank", "id")
    fields = ("link", "role", "template", "rank")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("link",) if obj else ()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


OrganizationAdmin.links.append(Link("Course", "lti_courselink", "organization"))
