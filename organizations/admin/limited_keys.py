"""The organizations that an API key is limited to: a table on the key's page."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from organizations.admin.filters import ByKey, ByOrganization
from organizations.models import LimitedKey
from roster.admin import ApiKeyAdmin
from roster.admin.inlines import TruncatedFormSet, TruncatedInline
from roster.admin.pages import Link
from roster.admin.retirement import ChoicesAdmin, NoDeleteAdmin


class LimitedKeyFormSet(TruncatedFormSet):
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.initial_forms if form not in self.deleted_forms]
        if kept and not self.instance.is_limited:
            raise ValidationError(
                "This key lists organizations, so it stays limited to them. To give it access to the whole campus, "
                "remove all of them and untick “limited to organizations”."
            )


class LimitedKeyInline(TruncatedInline):
    model = LimitedKey
    formset = LimitedKeyFormSet
    fields = ("organization",)
    ordering = ("organization__name_folded", "organization_id")
    verbose_name = "organization"
    verbose_name_plural = "organizations the key is limited to"
    show_change_link = False
    more = Link("Organizations", "organizations_limitedkey", "api_key")


@admin.register(LimitedKey)
class LimitedKeyAdmin(ChoicesAdmin, NoDeleteAdmin):
    """Only for keys with many organizations, whose pages link to this list."""

    list_display = ("api_key", "organization")
    list_filter = (ByKey, ByOrganization)
    search_fields = ("organization__name_folded__contains",)
    ordering = ("api_key__name", "api_key_id", "organization__name_folded", "organization_id", "id")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("api_key", "organization")


ApiKeyAdmin.inlines.append(LimitedKeyInline)
