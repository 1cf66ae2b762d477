"""Reference data of the whole campus: types, categories, position templates."""

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
    """The types of organizations."""


@admin.register(PositionType)
class PositionTypeAdmin(NamedAdmin):
    """The types of positions."""


@admin.register(Category)
class CategoryAdmin(NamedAdmin):
    """The categories of organizations. Deleting a category removes it from its organizations."""


class PositionTemplateForm(ConstraintForm):
    default_shown_on_campus = flag_field(
        "On the campus roster", "Campus default (yes)", "Is a new membership with this template on the campus roster?"
    )
    default_shown_on_public = flag_field(
        "On the public roster", "Campus default (no)", "Is a new membership with this template on the public roster?"
    )
    lti_roles = LinesField(
        label="LTI roles",
        required=False,
        help_text="The LIS role URIs of a holder in Names and Roles responses, one on each line.",
    )

    class Meta:
        model = PositionTemplate
        fields = ()  # the page chooses


@admin.register(PositionTemplate)
class PositionTemplateAdmin(RetiringAdmin):
    """The position templates of the campus."""

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
            "Who sees a new membership with this template",
            {
                "fields": ("default_shown_on_campus", "default_shown_on_public"),
                "description": "Existing memberships keep their flags.",
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
