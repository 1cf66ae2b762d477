"""Queries for memberships and reflections."""

import datetime as dt
from typing import Any, Self

from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from roster import privacy
from roster.querysets import (
    ChangeTrackedQuerySet,
    DerivedColumnsQuerySet,
    ShownTimeStampedQuerySet,
    TimeStampedQuerySet,
)


def period_covers(day: dt.date) -> Q:
    """The condition of a current membership: its recorded period, including the end, covers the day."""
    return Q(recorded_start__lte=day) & (Q(recorded_end=None) | Q(recorded_end__gte=day))


class ReflectionQuerySet(TimeStampedQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    """Reflections; a bulk change updates their own time of modification."""

    def write(self, membership: Any, text: str) -> None:
        """Set the reflection on a membership; a blank text deletes it.

        The membership is not marked as modified, because most readers of `modifiedOn` may not read reflections.
        """
        if text.strip():
            self.update_or_create(membership=membership, defaults={"text": text})
        else:
            self.filter(membership=membership).delete()


class MembershipQuerySet(DerivedColumnsQuerySet, ShownTimeStampedQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    def visible_to(self, audience: privacy.Audience) -> Self:
        """Memberships that this audience sees (docs/api.md, “Who sees what”)."""
        return self.filter(privacy.membership_rows(audience)).alias(
            modified_on=F(privacy.modification_column("membership", audience))
        )

    def not_deleted(self) -> Self:
        return self.filter(deleted_at=None)

    def current(self, *, on: dt.date) -> Self:
        """Those whose recorded period covers the day `on`."""
        return self.filter(period_covers(on))

    def past(self, *, on: dt.date) -> Self:
        """Those whose recorded period ended before the day `on`."""
        return self.filter(recorded_end__lt=on)

    def upcoming(self, *, on: dt.date) -> Self:
        """Those whose recorded period begins after the day `on`."""
        return self.filter(recorded_start__gt=on)

    def not_past(self, *, on: dt.date) -> Self:
        """Those that are current on the day `on` or begin later."""
        return self.filter(Q(recorded_end=None) | Q(recorded_end__gte=on))

    def with_wire_fields(self, audience: privacy.Audience) -> Self:
        """Join what a membership item needs."""
        return self.select_related("position__organization", "position__template", "position__type", "user")

    def with_reflections(self) -> Self:
        """Add the text of each reflection, `""` if there is none."""
        return self.annotate(reflection_text=Coalesce(F("reflection__text"), Value(""), output_field=TextField()))

    def in_wire_order(self, audience: privacy.Audience) -> Self:
        """Ordered by organization name and id, position name and id, membership id; names by search key."""
        return self.order_by("position__order_key", "position_id", "id")

    def end(self, *, on: dt.date) -> int:
        """Set the last day to `on` for all that have begun and would end later. Returns the number of changed rows."""
        started = self.filter(recorded_start__lte=on)
        return started.filter(Q(recorded_end=None) | Q(recorded_end__gt=on)).update(recorded_end=on)

    end.alters_data = True  # type: ignore[attr-defined]

    def delete(self) -> tuple[int, dict[str, int]]:
        """Mark all as deleted; the rows stay (`Membership.deleted_at`). Returns the same as Django's delete()."""
        marked = self.not_deleted().update(deleted_at=timezone.now())
        return marked, {self.model._meta.label: marked}

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]

    def restore(self) -> int:
        """Undo the deletion of all. Returns the number of restored rows."""
        changes: dict[str, Any] = {"deleted_at": None}
        return self.exclude(deleted_at=None).update(**changes)
