"""Queries for organizations and positions."""

from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When

from roster import privacy
from roster.names import search_key
from roster.querysets import (
    ChangeTrackedQuerySet,
    DerivedColumnsQuerySet,
    SearchKeyQuerySet,
    ShownTimeStampedQuerySet,
    TimeStampedQuerySet,
)


class NamedQuerySet(SearchKeyQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    def named(self, name: str) -> Self:
        """Rows of exactly this name, without regard to case or accents."""
        return self.filter(name_folded=search_key(name))


class LimitedKeyQuerySet(ChangeTrackedQuerySet):
    def organizations_in_limit_of(self, audience: privacy.Audience) -> models.QuerySet[Any, Any]:
        """The ids of the organizations that this audience's key is limited to."""
        return self.filter(api_key=audience.limited_by).values("organization")


class PositionTemplateQuerySet(NamedQuerySet):  # type: ignore[override]  # as_manager()
    def retire(self) -> int:
        """Mark as retired; existing positions keep their templates. Returns the number of templates."""
        return self.update(is_active=False)

    def reactivate(self) -> int:
        return self.update(is_active=True)


class OrganizationQuerySet(ShownTimeStampedQuerySet, SearchKeyQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    def update(self, **changes: Any) -> int:
        if "name" in changes:
            raise TypeError("Rename an organization with save(), which also updates the order of its positions.")
        return super().update(**changes)

    update.alters_data = True  # type: ignore[attr-defined]

    def visible_to(self, audience: privacy.Audience) -> Self:
        """Organizations that this audience sees (docs/api.md, “Who sees what”)."""
        return self.filter(privacy.organization_rows(audience)).alias(
            modified_on=F(privacy.modification_column("organization", audience))
        )

    def retire(self) -> int:
        """Mark as inactive; their positions and memberships stay. Returns the number of organizations."""
        return self.update(status=self.model.Status.INACTIVE)

    def reactivate(self) -> int:
        return self.update(status=self.model.Status.ACTIVE)

    def listed(self) -> Self:
        """Those that are listed in the directory."""
        return self.filter(directory_visibility=self.model.Visibility.VISIBLE)

    def with_wire_fields(self, audience: privacy.Audience) -> Self:
        """Join what an organization item needs; of parent, contact and custom fields only what the audience sees."""
        custom_fields = self.model._meta.get_field("custom_fields").related_model._default_manager
        return (
            self.select_related("type", "parent", "primary_contact")
            .annotate(
                seen_parent_id=value_if(privacy.organization_rows(audience, "parent__"), F("parent_id")),
                seen_contact_id=value_if(privacy.contact_rows(audience), F("primary_contact_id")),
            )
            .prefetch_related(
                Prefetch("categories", queryset=self.model.categories.rel.model.objects.order_by("name_folded", "id")),
                Prefetch("custom_fields", queryset=custom_fields.visible_to(audience).order_by("name", "id")),
            )
        )

    def in_wire_order(self, audience: privacy.Audience) -> Self:
        """Ordered by search key of the name, then by id."""
        return self.order_by("name_folded", "id")


class CustomFieldQuerySet(ChangeTrackedQuerySet):
    def visible_to(self, audience: privacy.Audience) -> Self:
        return self.filter(privacy.custom_field_rows(audience))


class PositionQuerySet(DerivedColumnsQuerySet, TimeStampedQuerySet, SearchKeyQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    def update(self, **changes: Any) -> int:
        if {"name", "organization", "organization_id"} & changes.keys():
            raise TypeError("Rename or move a position with save(), which also updates its order key.")
        return super().update(**changes)

    update.alters_data = True  # type: ignore[attr-defined]

    def update_order_keys(self) -> None:
        """Update the order keys of these positions after their organizations were renamed."""
        positions = list(self.select_for_update().order_by("pk"))
        before = {position.pk: position.order_key for position in positions}
        self.model.derive(positions, written={"organization"})
        moved = [position for position in positions if position.order_key != before[position.pk]]
        self.bulk_update(moved, ["order_key"], batch_size=500)

    def visible_to(self, audience: privacy.Audience) -> Self:
        """Positions that this audience sees (docs/api.md, “Who sees what”)."""
        return self.filter(privacy.position_rows(audience))

    def active(self) -> Self:
        return self.filter(is_active=True)

    def retire(self) -> int:
        """Mark as not used any more; the memberships stay. Returns the number of positions."""
        return self.update(is_active=False)

    def reactivate(self) -> int:
        return self.update(is_active=True)

    def with_wire_fields(self, audience: privacy.Audience) -> Self:
        """Join what a position item needs."""
        return self.select_related("organization", "template", "type")

    def in_wire_order(self, audience: privacy.Audience) -> Self:
        """Ordered as memberships are: by organization, then position."""
        return self.order_by("order_key", "id")


def value_if(rule: Q, value: Any) -> Any:
    """The value if a rule is true, else NULL; a rule without conditions is always true."""
    return Case(When(rule, then=value), default=Value(None)) if rule else value
