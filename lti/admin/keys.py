"""Keys of the platform and of tools, and the API keys of tools."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from lti.admin.filters import ByTool
from lti.models import PlatformKey, ToolApiKey, ToolKey
from roster import secrets
from roster.admin.api_keys import NEW_SECRETS
from roster.admin.grants import GrantingAdmin, GrantingForm, narrowed_by_clearing
from roster.admin.retirement import NoDeleteAdmin


class ShownAdmin(NoDeleteAdmin):
    """Rows that can be neither added nor deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PlatformKey)
class PlatformKeyAdmin(ShownAdmin):
    """The keys with which this platform signs. `manage.py rotate_lti_key` creates a new one."""

    list_display = ("kid", "signs", "created_at", "retired_at")
    ordering = ("-created_at", "-id")
    fields = readonly_fields = ("kid", "signs", "public_jwk", "created_at", "retired_at")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ToolKey)
class ToolKeyAdmin(GrantingAdmin, ShownAdmin):
    """Public keys of tools that have no key set URL. They are added on the page of the tool."""

    list_display = ("tool", "kid", "created_at", "retired_at")
    list_filter = (ByTool,)
    list_select_related = ("tool",)
    search_fields = ("kid__startswith", "tool__name__icontains")
    search_help_text = "Tool, or the start of the key id"
    ordering = ("tool__name", "tool_id", "id")
    actions = ("retire",)
    fields = ("tool", "kid", "public_jwk", "created_at", "retired_at")
    readonly_fields = ("tool", "public_jwk", "created_at", "retired_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tool")

    def get_buttons(self, row: ToolKey) -> tuple[str, ...]:
        return () if row.retired_at else ("retire",)

    @admin.action(description="Retire", permissions=["change"])
    def retire(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        now = timezone.now()
        self.carry_out(
            request, queryset.filter(retired_at=None), lambda keys: keys.update(retired_at=now), done="retired"
        )


class ToolApiKeyForm(GrantingForm):
    narrowing: ClassVar[Any] = {"may_launch": narrowed_by_clearing}

    class Meta:
        model = ToolApiKey
        fields = ()  # the page chooses


@admin.register(ToolApiKey)
class ToolApiKeyAdmin(GrantingAdmin, NoDeleteAdmin):
    """API keys of tools' servers. A new one is shown once. To revoke it, use its page in the list of API keys."""

    form = ToolApiKeyForm
    list_display = ("tool", "api_key", "may_launch")
    list_filter = (ByTool, "may_launch")
    list_select_related = ("tool", "api_key")
    search_fields = ("tool__name__icontains", "api_key__prefix__startswith")
    search_help_text = "Tool, or the start of the key's prefix"
    ordering = ("tool__name", "tool_id", "id")
    fields = ("tool", "may_launch")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tool", "api_key")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("tool", "api_key", "may_launch") if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("tool", "api_key") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # a key is revoked instead, which keeps the record

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made, text = ToolApiKey.create(obj.tool, may_launch=obj.may_launch)
        obj.pk, obj.api_key = made.pk, made.api_key
        new_secrets = request.session.get(NEW_SECRETS, {})
        request.session[NEW_SECRETS] = {**new_secrets, str(made.api_key_id): secrets.encrypt(text)}

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:roster_apikey_secret", args=[obj.api_key_id]))
