"""Learning platforms (LMS) that this server is registered with, their deployments, courses and launches."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lti.admin.filters import (
    ByCourse,
    ByDeploymentOfCourse,
    ByPlatform,
    ByPlatformOfCourse,
    ByPlatformOfLaunch,
    ByTool,
)
from lti.admin.keys import ShownAdmin
from lti.admin.launches import RevocableAdmin
from lti.core.tool_configuration import platform_configuration
from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment
from lti.tool.texts import is_lms_id
from roster.admin.grants import GrantingAdmin, GrantingForm, narrowed_by_clearing, narrowed_by_value
from roster.admin.pages import Link
from roster.admin.retirement import NoDeleteAdmin
from roster.names import validate_identifier

LABELS = {
    "target_link_uri": "Target link URI, tool URL, launch URL",
    "initiate_login_uri": "Login URL (OpenID Connect initiation URL)",
    "redirect_uri": "Redirect URI",
    "jwks_uri": "Key set URL (public JWK URL, public keyset)",
    "scope": "Service (scope): Names and Roles",
    "registration_url": "Dynamic registration URL",
}
"""Labels of the values to copy, with the names that LMSs use."""


class LearningPlatformForm(GrantingForm):
    narrowing: ClassVar[Any] = {"status": narrowed_by_value("disabled"), "tool": narrowed_by_clearing}
    new_deployment = forms.CharField(
        label="Add a deployment id",
        required=False,
        max_length=255,
        help_text="As the LMS shows it. If empty, the first launch adds it as pending, and you activate it then.",
    )

    class Meta:
        model = LearningPlatform
        fields = ()  # the page chooses

    def clean_new_deployment(self) -> str:
        text: str = self.cleaned_data["new_deployment"]
        if text and not is_lms_id(text):
            raise ValidationError("A deployment id is a text of up to 255 characters.")
        validate_identifier(text)
        return text


class PlatformDeploymentForm(GrantingForm):
    narrowing: ClassVar[Any] = {"status": narrowed_by_value("disabled")}

    class Meta:
        model = PlatformDeployment
        fields = ()  # the page chooses


class SwitchedAdmin(GrantingAdmin, NoDeleteAdmin):
    """Rows that are pending, active or disabled."""

    actions = ("activate", "disable")

    def get_buttons(self, row: Any) -> tuple[str, ...]:
        return ("disable",) if row.is_active else ("activate",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a disabled one keeps the record of what was launched and read

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.set_status(request, self.grantable(request, queryset), "active", done="activated")

    @admin.action(description="Disable", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.set_status(request, queryset, "disabled", done="disabled")

    def set_status(self, request: HttpRequest, queryset: QuerySet[Any], status: str, *, done: str) -> None:
        self.carry_out(request, queryset.exclude(status=status), lambda rows: rows.update(status=status), done=done)


@admin.register(LearningPlatform)
class LearningPlatformAdmin(SwitchedAdmin):
    """LMSs for which this server is a tool. The page shows the values to copy into the LMS."""

    form = LearningPlatformForm
    list_display = ("name", "issuer", "client_id", "status", "tool")
    list_filter = ("status", ByTool)
    list_select_related = ("tool",)
    search_fields = ("name__icontains", "issuer__icontains", "client_id__startswith")
    search_help_text = "Name, issuer, or the start of the client id"
    ordering = ("name", "id")
    readonly_fields = ("values_to_copy", "jwks_fetched_at", "created_at", "modified_at")
    links = [
        Link("Deployments", "lti_platformdeployment", "platform"),
        Link("Courses", "lti_course", "platform"),
        Link("Launches", "lti_courselaunch", "platform"),
    ]
    add_fieldsets: Any = (
        (
            "For the administrator of the LMS",
            {
                "description": "Enter these in the LMS first; it then shows the values for the fields below. An LMS "
                "with dynamic registration needs only the last one.",
                "fields": ("values_to_copy",),
            },
        ),
        (None, {"fields": ("name", "status", "tool")}),
        (
            "From the LMS",
            {
                "fields": (
                    *("issuer", "client_id", "authorization_url", "token_url", "token_audience", "key_set_url"),
                    "new_deployment",
                )
            },
        ),
    )
    fieldsets = (
        *add_fieldsets[1:],
        ("For the administrator of the LMS", {"fields": ("values_to_copy",)}),
        ("Record", {"fields": ("jwks_fetched_at", "created_at", "modified_at")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_notice(self, row: LearningPlatform) -> str:
        pending = row.deployments.filter(status="pending").count()
        if not row.is_active:
            return "This learning platform is not active: it cannot launch this server, and its rosters are not read."
        return f"Deployments that are pending: {pending}. Activate them." if pending else ""

    @admin.display(description="values")
    def values_to_copy(self, platform: LearningPlatform | None) -> SafeString:
        rows = ((LABELS[name], value) for name, value in platform_configuration().items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd><code>{}</code></dd>", rows))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        deployment_id = form.cleaned_data.get("new_deployment")
        if deployment_id:
            active = {"status": LearningPlatform.Status.ACTIVE}
            form.instance.deployments.update_or_create(deployment_id=deployment_id, defaults=active)


@admin.register(PlatformDeployment)
class PlatformDeploymentAdmin(SwitchedAdmin):
    """Deployments of this server in LMSs. The first launch of an unknown one adds it as pending."""

    form = PlatformDeploymentForm
    list_display = ("deployment_id", "platform", "status", "created_at")
    list_filter = ("status", ByPlatform)
    list_select_related = ("platform",)
    search_fields = ("deployment_id__startswith", "platform__name__icontains")
    search_help_text = "Learning platform, or the start of the deployment id"
    ordering = ("platform__name", "platform_id", "id")
    readonly_fields = ("created_at", "modified_at")
    fields = ("platform", "deployment_id", "status", *readonly_fields)
    links = [Link("Courses", "lti_course", "deployment")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("platform")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "platform", "deployment_id") if obj else self.readonly_fields

    def get_notice(self, row: PlatformDeployment) -> str:
        if row.status != PlatformDeployment.Status.PENDING:
            return ""
        return (
            "Somebody opened this server from this deployment, which is pending. Ask the administrators of the "
            "learning platform whether the id is yours. If it is, activate it."
        )


@admin.register(Course)
class CourseAdmin(ShownAdmin):
    """Courses from which somebody has opened this server."""

    list_display = ("__str__", "label", "platform", "deployment", "modified_at")
    list_filter = (ByPlatformOfCourse, ByDeploymentOfCourse)
    list_select_related = ("deployment__platform",)
    search_fields = ("title__icontains", "label__icontains", "context_id__startswith")
    search_help_text = "Title, label, or the start of the context id"
    ordering = ("title", "id")
    fields = readonly_fields = (
        *("title", "label", "types", "platform", "deployment", "context_id", "memberships_url"),
        *("created_at", "modified_at"),
    )
    links = [Link("Launches", "lti_courselaunch", "course"), Link("Service keys", "lti_servicekey", "course")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("deployment__platform")

    def describe(self, row: Course) -> str:
        """The title, with what distinguishes courses of one title."""
        return f"{row} ({', '.join(filter(None, (row.label, str(row.platform), row.context_id)))})"

    @admin.display(description="learning platform", ordering="deployment__platform__name")
    def platform(self, course: Course) -> str:
        return str(course.platform)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CourseLaunch)
class CourseLaunchAdmin(RevocableAdmin):
    """Launches of this server, with the person and the course."""

    list_display = ("subject", "course", "resource_link_title", "created_at", "revoked_at")
    list_filter = (ByPlatformOfLaunch, ByCourse)
    list_select_related = ("course__deployment__platform",)
    search_fields = ("subject__startswith", "course__title__icontains")
    search_help_text = "Course, or the start of the person’s id in the LMS"
    fields = readonly_fields = (
        *("uuid", "subject", "roles", "course", "resource_link_title", "resource_link_description", "resource_link_id"),
        *("target_link_url", "memberships_url", "locale", "product", "platform_details", "created_at", "revoked_at"),
    )
