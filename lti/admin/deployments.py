"""Deployments, contexts and resource links."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lti.admin.filters import ByOrganization, ByOrganizationCovered, ByOrganizationItself, ByTool, ByToolOfLink
from lti.core import urls
from lti.core.tool_configuration import tool_configuration
from lti.models import Context, Deployment, ResourceLink, Tool
from roster.admin.grants import GrantingAdmin, GrantingForm, narrowed_by_clearing, narrowed_by_removal
from roster.admin.pages import Link
from roster.admin.retirement import NoDeleteAdmin
from roster.privacy import name_is_visible

LABELS = {
    "issuer": "Issuer (platform id)",
    "client_id": "Client id",
    "deployment_id": "Deployment id",
    "authorization_endpoint": "Authorization (login) endpoint",
    "token_endpoint": "Token endpoint",
    "jwks_uri": "Key set URL",
    "openid_configuration": "OpenID configuration",
}
"""Labels of the values to copy."""


class DeploymentForm(GrantingForm):
    narrowing: ClassVar[Any] = {
        **dict.fromkeys(("is_active", "is_campus_wide", "tells_bare_members"), narrowed_by_clearing),
        "organizations": narrowed_by_removal,
    }

    class Meta:
        model = Deployment
        fields = ()  # the page chooses


@admin.register(Deployment)
class DeploymentAdmin(GrantingAdmin, NoDeleteAdmin):
    """Deployments of tools. The page shows the values that the tool's administrator must copy."""

    form = DeploymentForm
    list_display = ("tool", "deployment_id", "is_campus_wide", "is_active")
    list_filter = ("is_active", "is_campus_wide", ByTool, ByOrganizationCovered)
    list_select_related = ("tool",)
    search_fields = ("tool__name__icontains", "deployment_id__startswith")
    search_help_text = "Tool, or the start of the deployment id"
    ordering = ("tool__name", "tool_id", "id")
    readonly_fields = ("values_to_copy", "deployment_id", "created_at", "modified_at")
    fieldsets = (
        (None, {"fields": ("tool", "is_active")}),
        ("Where it is used", {"fields": ("is_campus_wide", "organizations")}),
        ("What it discloses", {"fields": ("tells_bare_members", "adds_course_roles")}),
        (
            "For the tool's administrator",
            {"description": "Copy these into the tool's settings.", "fields": ("values_to_copy",)},
        ),
        ("Record", {"fields": ("created_at", "modified_at")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.fieldsets[:3]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tool")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "tool") if obj else self.readonly_fields

    @admin.display(description="values")
    def values_to_copy(self, deployment: Deployment) -> SafeString:
        if not name_is_visible(Tool):
            return SafeString("These values name the tool, which your account may not view.")
        rows = ((LABELS[name], value) for name, value in tool_configuration(deployment).items())
        return format_html("<dl>{}</dl>", format_html_join("", "<dt>{}</dt><dd><code>{}</code></dd>", rows))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A change of the organizations also changes `modified_at` of the deployment."""
        super().save_related(request, form, formsets, change)
        if "organizations" in form.changed_data:
            form.instance.save(update_fields=["is_active"])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # an inactive deployment keeps the record of what was disclosed


@admin.register(Context)
class ContextAdmin(NoDeleteAdmin):
    """Organizations as LTI contexts, created by the first launch or here."""

    list_display = ("organization", "uuid", "roster_url")
    list_filter = (ByOrganizationItself,)
    list_select_related = ("organization",)
    search_fields = ("organization__name_folded__contains",)
    search_help_text = "Organization"
    ordering = ("organization__name_folded", "organization_id", "id")
    readonly_fields = ("uuid", "roster_url")
    fields = ("organization", "uuid", "roster_url")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("organization")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "organization") if obj else self.readonly_fields

    @admin.display(description="Names and Roles URL")
    def roster_url(self, context: Context) -> str:
        return urls.memberships_url(context.uuid)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # tools identify the organization by it


@admin.register(ResourceLink)
class ResourceLinkAdmin(GrantingAdmin, NoDeleteAdmin):
    """Links in organizations from which tools are launched. The first launch of a tool creates the first one."""

    list_display = ("label", "deployment", "context", "uuid")
    list_filter = (ByToolOfLink, ByOrganization)
    list_select_related = ("deployment__tool", "context__organization")
    search_fields = ("title__icontains", "context__organization__name_folded__contains")
    search_help_text = "Title or organization"
    ordering = ("context__organization__name_folded", "id")
    readonly_fields = ("uuid", "created_at", "modified_at")
    fields = ("deployment", "context", "title", "target_link_url", "custom", *readonly_fields)
    links = [Link("Launches", "lti_launch", "resource_link")]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("deployment__tool", "context__organization")

    @admin.display(description="label")
    def label(self, link: ResourceLink) -> str:
        return link.title or str(link.deployment.tool)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "deployment", "context") if obj else self.readonly_fields
