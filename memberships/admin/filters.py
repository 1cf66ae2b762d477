from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from memberships.models import Membership
from organizations.models import Position
from roster import days
from roster.admin.filters import ByAutocomplete


class ByOrganization(ByAutocomplete):
    title = "organization"
    parameter = "organization"
    relation = "position__organization"
    offered_by = (Position, "organization")


class ByPosition(ByAutocomplete):
    title = "position"
    parameter = "position"
    relation = "position"
    offered_by = (Membership, "position")


class ByPerson(ByAutocomplete):
    title = "person"
    parameter = "user"
    relation = "user"
    offered_by = (Membership, "user")


class ByPeriod(admin.SimpleListFilter):
    """Whether the recorded period is current, past or upcoming today on campus."""

    title = "period"
    parameter_name = "period"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("current", "Current today"), ("past", "Past"), ("upcoming", "Upcoming")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        values = {"current", "past", "upcoming"}
        if self.value() not in values:
            return queryset
        rows: QuerySet[Any] = getattr(queryset, str(self.value()))(on=days.today())
        return rows


class ByRoster(admin.SimpleListFilter):
    """The rosters on which a membership is visible."""

    title = "roster"
    parameter_name = "roster"
    flags = {"both": (True, True), "campus": (True, False), "public": (False, True), "none": (False, False)}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        names = ("Campus and public", "Campus only", "Public only", "Neither: staff only")
        return list(zip(self.flags, names, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in self.flags:
            return queryset
        on_campus, on_public = self.flags[str(self.value())]
        return queryset.filter(shown_on_campus=on_campus, shown_on_public=on_public)


class ByDeletion(admin.SimpleListFilter):
    """Deleted memberships are only in the list if this filter requests them."""

    title = "deletion"
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Deleted only"), ("all", "Deleted too")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.exclude(deleted_at=None) if self.value() == "yes" else queryset.filter(deleted_at=None)

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        return [{**first, "display": "Not deleted"}, *others]
