from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from organizations.admin.filters import ByOrganization
from organizations.models import CustomField, Organization, Position
from roster.admin.forms import ConstraintForm, FixedRelationForm, LinesField
from roster.admin.inlines import TruncatedInline
from roster.admin.pages import Link
from roster.admin.retirement import NoDeleteAdmin, RetiringAdmin
from roster.privacy import PUBLIC

VALUES_HELP = "One value on each line. If a value has several lines, enter a JSON list."


@contextmanager
def touch_if_fields_change(organizations: Iterable[int]) -> Iterator[None]:
    """Mark organizations as modified after a change of their custom fields, for everybody who sees a difference."""
    ids = set(organizations)
    before = {pk: shown_fields(pk) for pk in ids}
    yield
    for pk in ids:
        Organization.objects.filter(pk=pk).mark_modified(is_shown=shown_fields(pk) != before[pk])


def shown_fields(organization: int) -> list[Any]:
    """The custom fields of an organization that everybody may read."""
    fields = CustomField.objects.visible_to(PUBLIC).filter(organization=organization)
    return list(fields.order_by("pk").values_list("pk", "name", "values"))


class CustomFieldForm(ConstraintForm):
    values = LinesField(required=False, help_text=VALUES_HELP)

    class Meta:
        model = CustomField
        fields = ()  # the page chooses


class CustomFieldRow(FixedRelationForm, CustomFieldForm):
    """A custom field in the table of its organization."""


class CustomFieldInline(TruncatedInline):
    model = CustomField
    form = CustomFieldRow
    fields = ("name", "values", "is_public")
    ordering = ("name", "id")
    more = Link("Custom fields", "organizations_customfield", "organization")


class PositionInline(TruncatedInline):
    model = Position
    fields = ("name", "template", "type", "is_active")
    ordering = ("order_key", "id")
    can_delete = False  # positions are retired here; the page of a position deletes one that nobody ever held
    more = Link("Positions", "organizations_position", "organization")


@admin.register(Organization)
class OrganizationAdmin(RetiringAdmin):
    """Organizations, with their positions and custom fields."""

    list_display = ("name", "short_name", "type", "status", "directory_visibility", "membership_type")
    list_filter = ("status", "directory_visibility", "membership_type", "type", "categories")
    list_select_related = ("type",)
    search_fields = ("name_folded__contains", "short_name__icontains")
    search_help_text = "Name or short name"
    ordering = ("name_folded", "id")
    readonly_fields = ("created_at", "modified_at")
    inlines = [PositionInline, CustomFieldInline]
    links: list[Link] = []
    fieldsets = (
        (None, {"fields": ("name", "short_name", "status", "directory_visibility", "membership_type")}),
        ("Description", {"fields": ("type", "categories", "parent", "primary_contact", "summary", "description")}),
        (
            "Contact",
            {
                "classes": ("collapse",),
                "fields": (
                    *("email", "phone_number", "extension", "fax_number", "address_street_1", "address_street_2"),
                    *("address_city", "address_state_province", "address_zip_postal"),
                ),
            },
        ),
        (
            "Web pages",
            {
                "classes": ("collapse",),
                "fields": (
                    *("external_website", "facebook_url", "twitter_url", "flickr_feed_url", "youtube_channel_url"),
                    *("google_calendar_url", "profile_image_url", "profile_url"),
                ),
            },
        ),
        ("Record", {"classes": ("collapse",), "fields": ("created_at", "modified_at")}),
    )

    def describe(self, row: Organization) -> str:
        """Show the id too, since names are not unique."""
        marks = [row.short_name, f"no. {row.pk}"]
        marks += [row.get_status_display()] if self.is_retired(row) else []
        marks += ["hidden"] if row.directory_visibility == Organization.Visibility.HIDDEN else []
        return " · ".join([row.name, *filter(None, marks)])

    def get_notice(self, row: Organization) -> str:
        if row.directory_visibility == Organization.Visibility.HIDDEN:
            return "Hidden: only staff see this organization and its members."
        return ""

    def is_retired(self, row: Organization) -> bool:
        return row.status != Organization.Status.ACTIVE

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A change of categories or custom fields modifies the organization, because responses show them with it."""
        has_changed_fields = any(formset.model is CustomField and formset.has_changed() for formset in formsets)
        with touch_if_fields_change([form.instance.pk] if has_changed_fields else []):
            super().save_related(request, form, formsets, change)
        if "categories" in form.changed_data:
            Organization.objects.filter(pk=form.instance.pk).mark_modified(is_shown=True)


@admin.register(CustomField)
class CustomFieldAdmin(NoDeleteAdmin):
    """Only for organizations with many custom fields, whose pages link to this list."""

    form = CustomFieldForm
    list_display = ("name", "organization", "is_public")
    list_filter = (ByOrganization, "is_public")
    list_select_related = ("organization",)
    search_fields = ("name__icontains",)
    ordering = ("organization__name_folded", "organization_id", "name", "id")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CustomField, form: Any, change: bool) -> None:
        with touch_if_fields_change([obj.organization_id]):
            super().save_model(request, obj, form, change)

    def delete_model(self, request: HttpRequest, obj: CustomField) -> None:
        self.delete_queryset(request, CustomField.objects.filter(pk=obj.pk))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Deleting custom fields modifies the organization, because responses show them with it."""
        with touch_if_fields_change(queryset.values_list("organization", flat=True)):
            super().delete_queryset(request, queryset)
