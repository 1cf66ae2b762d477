"""Memberships that come from a course."""

from django.db import models

from lti.models.course_link import CourseLink
from memberships.models import Membership


class SyncedMembership(models.Model):
    """A membership that a sync made. A sync ends no other."""

    membership = models.OneToOneField(
        Membership,
        primary_key=True,
        related_name="synced",
        on_delete=models.CASCADE,  # says only where the membership came from
    )
    link = models.ForeignKey(
        CourseLink,
        related_name="memberships",
        on_delete=models.CASCADE,  # without its link a membership is kept by hand
    )
    is_open = models.BooleanField(
        default=True, help_text="Has the person been in the course ever since? Once not, no sync touches it again."
    )

    def __str__(self) -> str:
        return f"membership {self.membership_id} of {self.link}"
