from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from lti.core import urls
from lti.models import Invitation
from roster.admin.retirement import NoDeleteAdmin


@admin.register(Invitation)
class InvitationAdmin(NoDeleteAdmin):
    """Invitations for tools to register themselves. A token is shown once, on the page after the form."""

    list_display = ("name", "created_at", "expires_at", "used_at", "tool")
    list_select_related = ("tool",)
    search_fields = ("name__icontains",)
    search_help_text = "Name"
    ordering = ("-id",)
    fields = ("name", "created_at", "expires_at", "used_at", "tool")
    readonly_fields = ("name", "created_at", "expires_at", "used_at", "tool")
    add_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("tool")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.add_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.readonly_fields if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        invitation, token = Invitation.create(obj.name, on=timezone.now())
        obj.pk, obj.expires_at, obj.token_hash = invitation.pk, invitation.expires_at, invitation.token_hash
        request.invitation_token = token  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """The page that shows the token, only once."""
        context = {
            **self.admin_site.each_context(request),
            "title": "The new invitation",
            "opts": self.opts,
            "invitation": obj,
            "token": request.invitation_token,  # type: ignore[attr-defined]
            "configuration_url": urls.configuration_url(),
        }
        response = TemplateResponse(request, "admin/lti/invitation/token.html", context)
        response["Cache-Control"] = "no-store"
        return response
