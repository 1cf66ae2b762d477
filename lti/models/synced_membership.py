"""Memberships that come from a course."""

from django.db import models

from lti.models.course_link import CourseLink
from memberships.models import Membership


class SyncedMembership(models.Model):
    """A membership that a sync created. Syncs end no others."""

    membership = models.OneToOneField(
        Membership,
        primary_key=True,
        related_name="synced",
        on_delete=models.CASCADE,  # only the origin of the membership
    )
    link = models.ForeignKey(
        CourseLink,
        related_name="memberships",
        on_delete=models.CASCADE,  # without its link a membership is maintained by staff
    )
    is_open = models.BooleanField(
        default=True, help_text="Has the person been in the course ever since? If not, no sync changes it again."
    )

    def __str__(self) -> str:
        return f"membership {self.membership_id} of {self.link}"
