"""The log of syncs."""

import datetime as dt
from types import MappingProxyType

from django.conf import settings
from django.db import models
from django.db.models import Q

from lti.models.course_link import CourseLink
from lti.querysets import CourseSyncQuerySet
from roster.models import OnMerge
from roster.ranges import InstantColumn

RETENTION = dt.timedelta(days=400)
"""How long runs are kept."""


class CourseSync(models.Model):
    """One run of a sync: when, by whom, how much it changed, or why nothing. It names no member."""

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        STOPPED = "stopped", "Stopped"
        FAILED = "failed", "Failed"

    link = models.ForeignKey(
        CourseLink,
        related_name="syncs",
        db_index=False,  # served by the index
        on_delete=models.CASCADE,  # meaningless without the link
    )
    begun_at = InstantColumn("begun", help_text="Just before the course was read.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        related_name="course_syncs",
        on_delete=models.PROTECT,  # who changed a roster is retired, not deleted
        help_text="Empty: the command.",
    )
    outcome = models.CharField(max_length=7, choices=Outcome)
    reason = models.TextField("why", db_column="said", blank=True, help_text="Why nothing was written.")
    allowed_ends = models.BooleanField(
        "any number may end", default=False, help_text="Was it allowed to end any number of memberships?"
    )
    members = models.PositiveIntegerField(default=0, help_text="Members of the course.")
    added = models.PositiveIntegerField(default=0, help_text="Memberships created.")
    kept = models.PositiveIntegerField(default=0, help_text="Memberships that an earlier sync created and that stay.")
    already_there = models.PositiveIntegerField(default=0, help_text="Memberships that were not created by a sync.")
    ended = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(
        default=0, help_text="People whom staff removed from the roster while they are in the course."
    )
    unmatched = models.PositiveIntegerField(default=0, help_text="Members of the course without an account here.")
    unmapped = models.PositiveIntegerField(default=0, help_text="Members of the course without a role of the link.")

    when_merged = MappingProxyType({"by": OnMerge.STAYS})  # who did it
    named_after = ("link",)
    objects = CourseSyncQuerySet.as_manager()

    class Meta:
        verbose_name = "sync of a course"
        verbose_name_plural = "syncs of courses"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["done", "stopped", "failed"]),
                name="lti_course_sync_outcome_is_known",
                violation_error_message="A sync is done, stopped or failed.",
            ),
        ]
        indexes = [
            # the runs of a link, newest first; and the removal of old ones, at every run
            models.Index(fields=["link", "-begun_at"], name="lti_course_sync_by_link"),
        ]

    def __str__(self) -> str:
        return f"{self.link}, {self.get_outcome_display().lower()}"
