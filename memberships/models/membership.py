import datetime as dt
from collections.abc import Collection, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from memberships.querysets import MembershipQuerySet
from organizations.models import Position
from roster import privacy
from roster.models import ChangeTracked, HasDerivedColumns, OnMerge, ShownTimeStamped
from roster.ranges import DayColumn, InstantColumn


class Membership(HasDerivedColumns, ChangeTracked, ShownTimeStamped):
    """One user holding one position for one period.

    The organization is that of the position. Dates are days, and the end day is included. A person may hold the same
    position several times, and a membership may start and end on the same day.
    """

    PRIVATE_FIELDS: ClassVar[frozenset[str]] = privacy.PRIVATE_COLUMNS["membership"]

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="memberships",
        on_delete=models.PROTECT,  # people with memberships are retired by status
    )
    position = models.ForeignKey(
        Position,
        related_name="memberships",
        db_index=False,  # served by membership_by_position
        on_delete=models.PROTECT,  # positions with memberships are retired
    )
    recorded_start = DayColumn(help_text="First day in the roster. All rules use this one.")
    recorded_end = DayColumn(null=True, blank=True, help_text="Last day, inclusive; empty if there is no end.")
    reported_start = DayColumn(null=True, blank=True, help_text="First day as the person reports it.")
    reported_end = DayColumn(null=True, blank=True, help_text="Last day as the person reports it.")
    shown_on_campus = models.BooleanField(
        "on the campus roster", help_text="May signed-in people and campus programs see it?"
    )
    shown_on_public = models.BooleanField("on the public roster", help_text="May anybody see it?")
    deleted_at = InstantColumn(
        "deleted", null=True, blank=True, editable=False, help_text="Deleting is soft: staff can list such rows."
    )

    when_merged = MappingProxyType({"user": OnMerge.MOVES})  # about the person
    named_after = ("user", "position")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # so that `position.memberships.add(...)` uses it too
        constraints = [
            models.CheckConstraint(
                condition=Q(recorded_end=None) | Q(recorded_end__gte=F("recorded_start")),
                name="membership_does_not_end_before_it_starts",
                violation_error_message="A membership does not end before it starts.",
            ),
        ]
        indexes = [
            # GET /api/memberships of an organization or without filters: the rows of each position in order, found and
            # counted by an index-only scan
            models.Index(
                fields=["position", "id"],
                include=["user", "shown_on_campus", "shown_on_public", "deleted_at"],
                name="membership_by_position",
            ),
            # Names and Roles: the people of an organization, each once, in the order of the pages
            models.Index(fields=["position", "user"], name="membership_by_person"),
            # GET /api/memberships?ModifiedOnStart=
            models.Index(fields=["modified_at", "id"], name="membership_by_modification"),
            # the same for the public
            models.Index(
                fields=["shown_modified_at", "id"],
                condition=Q(shown_on_public=True, deleted_at=None),
                name="membership_by_shown_change",
            ),
            # GET /api/memberships?startDate= and ?currentMembershipsOnly=
            models.Index(fields=["recorded_start"], name="membership_by_start"),
            # GET /api/memberships?endDate=, which omits memberships without an end
            models.Index(fields=["recorded_end"], condition=Q(recorded_end__isnull=False), name="membership_by_end"),
            # GET /api/memberships?campusPrivacyFilter=false for the public: few rows, slow to find without an index
            models.Index(
                fields=["id"], condition=Q(shown_on_public=True, shown_on_campus=False), name="membership_off_campus"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user.full_name}: {self.position}"

    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field, after unset flags have been set to the defaults of the template."""
        if self.position_id is not None:
            self.derive([self])
        super().clean_fields(exclude=exclude)

    @classmethod
    def derive(cls, rows: Sequence["Membership"], written: Collection[str] | None = None) -> set[str]:
        """Set unset flags to the defaults of the position's template, or else to campus yes and public no."""
        unset = [row for row in rows if row.shown_on_campus is None or row.shown_on_public is None]
        unloaded = {row.position_id for row in unset if not cls.position.is_cached(row)}
        positions = Position.objects.select_related("template").in_bulk(unloaded) if unloaded else {}
        for row in unset:
            position = row.position if cls.position.is_cached(row) else positions.get(row.position_id)
            if position is None:
                continue  # the foreign key constraint will refuse the row
            if row.shown_on_campus is None:
                row.shown_on_campus = position.template.default_shown_on_campus is not False
            if row.shown_on_public is None:
                row.shown_on_public = position.template.default_shown_on_public is True
        return set()

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def is_current(self, *, on: dt.date) -> bool:
        """Does the recorded period cover the day `on`?"""
        return self.recorded_start <= on and (self.recorded_end is None or on <= self.recorded_end)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Mark as deleted. The row is kept for staff and for programs that copy the roster."""
        marked = Membership.objects.filter(pk=self.pk).delete()
        self.refresh_from_db(fields=["deleted_at", "modified_at"])  # otherwise a later save() would restore it
        return marked

    def restore(self) -> None:
        """Undo a deletion."""
        Membership.objects.filter(pk=self.pk).restore()
        self.refresh_from_db(fields=["deleted_at", "modified_at"])
