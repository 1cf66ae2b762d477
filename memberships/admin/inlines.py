"""Memberships on the pages of people and positions."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from memberships.admin.forms import MembershipRow
from memberships.models import Membership
from organizations.admin import OrganizationAdmin, PositionAdmin
from roster import days
from roster.admin import UserAdmin
from roster.admin.inlines import TruncatedInline
from roster.admin.pages import Link


class MembershipInline(TruncatedInline):
    """Current and upcoming memberships. The list also has the past ones."""

    model = Membership
    form = MembershipRow
    shown = "Only current and upcoming memberships are shown, at most 50. Deleting one hides it; staff can restore it."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("user", "position__organization", "position__template")

    def is_closed(self, row: Any) -> bool:
        return bool(row.is_deleted)

    def narrowed(self, rows: Any) -> Any:
        return rows.not_deleted().not_past(on=days.today())

    def count_all(self, parent: str, row: Model) -> int:
        return Membership.objects.not_deleted().filter(**{parent: row}).count()


class HoldingInline(MembershipInline):
    """The memberships of a person."""

    fields = ("position", "recorded_start", "recorded_end", "shown_on_campus", "shown_on_public")
    ordering = ("position__order_key", "position_id", "id")
    more = Link("Memberships", "memberships_membership", "user")


class HolderInline(MembershipInline):
    """The memberships of a position."""

    fields = ("user", "recorded_start", "recorded_end", "shown_on_campus", "shown_on_public")
    ordering = ("user__name_key", "user_id", "id")
    more = Link("Memberships", "memberships_membership", "position")


UserAdmin.inlines.append(HoldingInline)
PositionAdmin.inlines.append(HolderInline)
OrganizationAdmin.links.append(Link("Memberships", "memberships_membership", "organization"))
