from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.text import smart_split

from memberships.admin.filters import ByDeletion, ByOrganization, ByPeriod, ByPerson, ByPosition, ByRoster
from memberships.admin.forms import MembershipForm, MembershipPageForm, text_of
from memberships.models import Membership, Reflection
from organizations.models import Position
from roster import days
from roster.admin.pages import StaffAdmin
from roster.admin.retirement import preview_names, row_count
from roster.models import User
from roster.privacy import name_of

MAX_LISTED = 20_000
"""Maximum number of ids of people and positions that a search reads first. With more, it uses a subquery."""


@admin.register(Membership)
class MembershipAdmin(StaffAdmin):
    """Who holds which position, and when. Deleting is soft: a deleted membership is hidden, and can be restored."""

    form = MembershipForm
    list_display = (*("person", "position_name", "organization", "first_day", "last_day", "on_campus", "on_public"),)
    list_display_links = ("person",)
    list_filter = (*(ByPeriod, ByDeletion, ByOrganization, ByPosition, ByPerson, ByRoster, "position__template"),)
    search_fields = ("user", "position")  # see get_search_results
    search_help_text = "Names of person, position and organization: “okafor president chess”"
    ordering = ("position__order_key", "position_id", "id")
    sortable_when_long = ("person", "organization")
    actions = ("restore",)
    delete_confirmation_template = "admin/memberships/membership/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/memberships/membership/delete_selected_confirmation.html"
    readonly_fields = ("created_at", "modified_at", "deleted_at")
    notices: ClassVar[list[Callable[[Membership], str]]] = []
    """Functions of other apps that give a notice for the top of a membership's page; "" for none."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "position__organization", "position__template")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find each word in the person or in the position, so that the large table itself is not searched.

        Only search models that the person may view, because a search result discloses a name just as showing it does.
        """
        limit = MAX_LISTED
        if not self.get_search_fields(request):
            return queryset, False
        for word in smart_split(search_term):
            people, positions = (self._found(request, model, word, limit) for model in (User, Position))
            limit -= sum(len(found) for found in (people, positions) if isinstance(found, list))
            if people == positions == []:
                return queryset.none(), False
            queryset = queryset.filter(Q(user__in=people) | Q(position__in=positions))
        return queryset, False

    def _found(self, request: HttpRequest, model: Any, word: str, limit: int) -> Any:
        """The ids that match a word; the query itself if there are more than half of `limit`."""
        if not self.admin_site.may_view(request, model):
            return []
        other = self.admin_site.get_model_admin(model)
        rows: QuerySet[Any] = other.get_search_results(request, model.objects.all(), word)[0]
        found = list(rows.values_list("pk", flat=True)[: limit // 2 + 1])
        return found if len(found) <= limit // 2 else rows.values("pk")

    # Columns

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "deleted_at") if request.GET.get("deleted") else self.list_display

    @admin.display(description="person", ordering="user__name_key")
    def person(self, membership: Membership) -> str:
        return str(membership.user)

    @admin.display(description="position", ordering="position__name_folded")
    def position_name(self, membership: Membership) -> str:
        return name_of(membership.position, membership.position.name)

    @admin.display(description="organization", ordering="position__order_key")
    def organization(self, membership: Membership) -> str:
        """The name with the short name, because two organizations may have the same name."""
        organization = membership.position.organization
        short_name = f" ({organization.short_name})" if organization.short_name else ""
        return name_of(organization, f"{organization.name}{short_name}")

    @admin.display(description="from", ordering="recorded_start")
    def first_day(self, membership: Membership) -> str:
        return str(membership.recorded_start.isoformat())

    @admin.display(description="until", ordering="recorded_end", empty_value="")
    def last_day(self, membership: Membership) -> str | None:
        return membership.recorded_end.isoformat() if membership.recorded_end else None

    @admin.display(description="campus", boolean=True)
    def on_campus(self, membership: Membership) -> bool:
        return membership.shown_on_campus

    @admin.display(description="public", boolean=True)
    def on_public(self, membership: Membership) -> bool:
        return membership.shown_on_public

    # The page of a membership

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets: list[Any] = [
            (None, {"fields": ("user", "position")}),
            (
                "Recorded period",
                {
                    "fields": (("recorded_start", "recorded_end"),),
                    "description": "Every list and rule uses these days. The last day is included.",
                },
            ),
            (
                "Reported period",
                {
                    "fields": (("reported_start", "reported_end"),),
                    "description": "The days as the person reports them. They are only displayed.",
                },
            ),
            ("Who may see it", {"fields": ("shown_on_campus", "shown_on_public")}),
        ]
        if obj is not None:
            if fields := self._reflection_fields(request, obj):
                fieldsets.append(("Reflection", {"fields": fields}))
            fieldsets.append(("Record", {"fields": self.readonly_fields}))
        return fieldsets

    def _reflection_fields(self, request: HttpRequest, membership: Membership) -> tuple[str, ...]:
        """Reflections are private to the members: they are only read and changed with a permission."""
        may_write = request.user.has_perm("memberships.change_reflection")
        if may_write and self.has_change_permission(request, membership):
            return ("reflection_text",)
        may_read = may_write or request.user.has_perm("memberships.view_reflection")
        return ("reflection_as_read",) if may_read else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Only the form of people who may change the reflection has this field, so that nobody else can submit it."""
        may_write = obj is not None and "reflection_text" in self._reflection_fields(request, obj)
        form = MembershipPageForm if may_write else MembershipForm
        return super().get_form(request, obj, change, **{"form": form, **kwargs})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "reflection_as_read")

    @admin.display(description="reflection")
    def reflection_as_read(self, membership: Membership) -> str:
        return text_of(membership)

    def get_changeform_initial_data(self, request: HttpRequest) -> Any:
        return {"recorded_start": days.today(), **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save the membership, and the reflection."""
        if not change or set(form.changed_data) - {"reflection_text"}:
            obj.save()
        if "reflection_text" in form.changed_data:
            Reflection.objects.write(obj, form.cleaned_data["reflection_text"])

    # Deleting and restoring

    def get_notice(self, row: Membership) -> str:
        if row.is_deleted:
            return "Deleted: only staff see this membership, and only on request. Restore it to change it."
        return " ".join(filter(None, (notice(row) for notice in self.notices)))

    def get_buttons(self, row: Membership) -> tuple[str, ...]:
        return ("restore",) if row.is_deleted else ()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.is_deleted)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.is_deleted)

    @admin.action(description="Restore", permissions=["change"])
    def restore(self, request: HttpRequest, queryset: Any) -> None:
        self.carry_out(request, queryset.exclude(deleted_at=None), lambda rows: rows.restore(), done="restored")  # type: ignore[attr-defined]

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """No other rows are deleted with a membership and none prevent it, because it is only marked as deleted."""
        lacking = set() if self.has_delete_permission(request) else {str(self.opts.verbose_name)}
        return preview_names(objs), {str(self.opts.verbose_name_plural): row_count(objs)}, lacking, []
