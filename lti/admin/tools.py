from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from lti.models import Tool, ToolKey
from roster.admin.forms import LinesField
from roster.admin.grants import GrantingAdmin, GrantingForm, narrowed_by_clearing, narrowed_by_order, narrowed_by_value
from roster.admin.pages import Link
from roster.admin.retirement import NoDeleteAdmin
from roster.privacy import Disclosure


class ToolForm(GrantingForm):
    narrowing: ClassVar[Any] = {
        "status": narrowed_by_value("disabled"),
        "audience": narrowed_by_order("public", "campus"),
        "disclosure": narrowed_by_order(*Disclosure.values),
        "may_read_sourcedid": narrowed_by_clearing,
    }
    redirect_urls = LinesField(
        label="Redirect URIs",
        help_text="Where an id_token may be sent, exactly as the tool states them, one on each line.",
    )
    new_key = forms.CharField(
        label="Add a public key",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 70, "spellcheck": "false"}),
        help_text="PEM (-----BEGIN PUBLIC KEY-----) or JWK, if the tool has no key set URL. Never a private key.",
    )

    class Meta:
        model = Tool
        fields = ()  # the page chooses

    def clean_new_key(self) -> ToolKey | None:
        text = self.cleaned_data["new_key"]
        return ToolKey.read(self.instance, text) if text else None

    def clean(self) -> Any:
        cleaned = super().clean()
        sources = [self.cleaned_data.get(name) or self.errors.get(name) for name in ("jwks_url", "new_key")]
        if self.instance.pk is None and not any(sources):
            raise ValidationError("A tool needs a key set URL or a public key for its authentication.")
        return cleaned


@admin.register(Tool)
class ToolAdmin(GrantingAdmin, NoDeleteAdmin):
    """Programs that are launched from organizations and read their rosters through LTI."""

    form = ToolForm
    list_display = ("name", "status", "audience", "disclosure", "client_id")
    list_filter = ("status", "audience", "disclosure")
    search_fields = ("name__icontains", "client_id__startswith")
    search_help_text = "Name, or the start of the client id"
    ordering = ("name", "id")
    actions = ("activate", "disable")
    readonly_fields = ("client_id", "jwks_fetched_at", "created_at", "modified_at")
    links = [
        Link("Deployments, with the values for its administrator", "lti_deployment", "tool"),
        Link("Public keys", "lti_toolkey", "tool"),
        Link("API keys", "lti_toolapikey", "tool"),
        Link("Service keys", "lti_servicekey", "tool"),
        Link("People disclosed to it", "lti_disclosed", "tool"),
    ]
    fieldsets = (
        (None, {"fields": ("name", "client_id", "status")}),
        ("What is disclosed to it", {"fields": ("audience", "disclosure", "may_read_sourcedid")}),
        ("URLs", {"fields": ("login_url", "target_link_url", "redirect_urls", "custom")}),
        ("Deep linking", {"fields": ("supports_deep_linking", "deep_linking_url")}),
        ("Authentication", {"fields": ("jwks_url", "jwks_fetched_at", "new_key")}),
        ("Record", {"fields": ("created_at", "modified_at")}),
    )

    add_fieldsets = (
        (None, {"fields": ("name", "status")}),
        *fieldsets[1:4],
        ("Authentication", {"fields": ("jwks_url", "new_key")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_notice(self, row: Tool) -> str:
        if row.status == Tool.Status.PENDING:
            return (
                "This tool registered itself and is pending. Check that these URLs are the tool's, choose what is "
                "disclosed to it, choose in its deployment where it is used, and activate it."
            )
        return "This tool is disabled: nothing is disclosed to it." if row.status == Tool.Status.DISABLED else ""

    def get_buttons(self, row: Tool) -> tuple[str, ...]:
        return ("disable",) if row.is_active else ("activate",)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        key = form.cleaned_data.get("new_key")
        if key:
            key.tool = form.instance
            key.save()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a disabled tool keeps the record of what was disclosed

    @admin.action(description="Activate", permissions=["change"])
    def activate(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.set_status(request, self.grantable(request, queryset), Tool.Status.ACTIVE, done="activated")

    @admin.action(description="Disable", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        self.set_status(request, queryset, Tool.Status.DISABLED, done="disabled")

    def set_status(self, request: HttpRequest, queryset: QuerySet[Any], status: Tool.Status, *, done: str) -> None:
        self.carry_out(request, queryset.exclude(status=status), lambda rows: rows.update(status=status), done=done)
