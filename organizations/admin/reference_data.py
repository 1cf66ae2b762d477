"""The campus-wide lists: types, categories, templates."""

from typing import Any

from django.contrib import admin

from organizations.models import Category, OrganizationType, PositionTemplate, PositionType
from roster.admin.forms import ConstraintForm, LinesField, flag_field
from roster.admin.retirement import NoDeleteAdmin, RetiringAdmin


class NamedAdmin(NoDeleteAdmin):
    """A list of reference data."""

    list_display = ("name",)
    search_fields = ("name_folded__contains",)
    search_help_text = "Name"
    ordering = ("name_folded", "id")


@admin.register(OrganizationType)
class OrganizationTypeAdmin(NamedAdmin):
    """What kinds of organization there are."""


@admin.register(PositionType)
class PositionTypeAdmin(NamedAdmin):
    """What labels positions have."""


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    """Under which subjects organizations are found. One that is deleted is taken off its organizations."""


class PositionTemplateForm(ConstraintForm):
    default_shown_on_campus = flag_field(
        "On the campus roster", "Campus default (yes)", "Is a new membership of this kind on the campus roster?"
    )
    default_shown_on_public = flag_field(
        "On the public roster", "Campus default (no)", "Is a new membership of this kind on the public roster?"
    )
    lti_roles = LinesField(
        label="LTI roles",
        required=False,
        help_text="LIS role URIs that a holder has in a Names and Roles answer, one a line.",
    )

    class Meta:
        model = PositionTemplate
        fields = ()  # the page chooses


@admin.register(PositionTemplate)
class PositionTemplateAdmin(RetiringAdmin):
    """The campus-wide kinds of position."""

    form = PositionTemplateForm
    list_display = ("name", "default_type", "on_campus", "on_public", "is_active")
    list_filter = ("is_active", "default_type")
    list_select_related = ("default_type",)
    search_fields = ("name_folded__contains",)
    search_help_text = "Name"
    ordering = ("name_folded", "id")
    fieldsets = (
        (None, {"fields": ("name", "default_type", "is_active")}),
        (
            "Who sees a new membership of this kind",
            {
                "fields": ("default_shown_on_campus", "default_shown_on_public"),
                "description": "Memberships that exist already keep their own flags.",
            },
        ),
        ("Learning tools", {"fields": ("lti_roles",)}),
    )

    @admin.display(description="campus roster")
    def on_campus(self, template: PositionTemplate) -> str:
        return default_flag_label(template.default_shown_on_campus, otherwise="default (yes)")

    @admin.display(description="public roster")
    def on_public(self, template: PositionTemplate) -> str:
        return default_flag_label(template.default_shown_on_public, otherwise="default (no)")

    def describe(self, row: PositionTemplate) -> str:
        return row.name if row.is_active else f"{row.name} · retired"


def default_flag_label(flag: Any, *, otherwise: str) -> str:
    return otherwise if flag is None else ("yes" if flag else "no")
