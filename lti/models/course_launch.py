"""Launches of this server from courses of an LMS."""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from lti.models.course import Course
from lti.models.learning_platform import LearningPlatform
from lti.querysets import CourseLaunchQuerySet
from lti.validators import validate_url
from roster.models import TimeStamped
from roster.ranges import InstantColumn


class CourseLaunch(TimeStamped):
    """One person opening this server from a course."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(
        Course,
        related_name="launches",
        on_delete=models.PROTECT,  # the record of a launch says where it was
    )
    subject = models.CharField(max_length=255, help_text="Who launched: `sub`, the person's id in the LMS.")
    roles = models.JSONField(default=list, help_text="Full URIs.")
    person = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What the LMS disclosed of the person, as fields of a roster's row; null once the ltik has expired.",
    )
    resource_link_id = models.CharField("resource link id", max_length=255)
    resource_link_title = models.CharField(max_length=500, blank=True)
    resource_link_description = models.CharField(max_length=2000, blank=True)
    target_link_url = models.CharField(
        "launch URL", max_length=2000, blank=True, help_text="What the LMS says that the launch opens."
    )
    locale = models.CharField(max_length=50, blank=True)
    return_url = models.CharField(
        max_length=2000,
        blank=True,
        editable=False,
        help_text="Where the tool may send the person back to; erased with `person`, because it may name a session.",
    )
    custom = models.JSONField(
        "custom parameters",
        default=dict,
        blank=True,
        editable=False,
        help_text="Of the LMS, if the tool may read them; erased with `person`, because they may contain anything.",
    )
    memberships_url = models.CharField("Names and Roles URL", max_length=2000, blank=True, validators=[validate_url])
    product = models.CharField(max_length=100, blank=True, help_text="The product code of the LMS: moodle, canvas ...")
    platform_details = models.JSONField(
        "what the LMS says of itself",
        default=dict,
        blank=True,
        help_text="Its guid, name, version, description and contact e-mail, as far as it sends them.",
    )
    revoked_at = InstantColumn("revoked", null=True, blank=True, editable=False)

    named_after = ("course",)
    objects = CourseLaunchQuerySet.as_manager()

    class Meta:
        verbose_name = "course launch"
        verbose_name_plural = "course launches"
        indexes = [
            # launches whose personal data are to be erased, at every new one
            models.Index(
                fields=["created_at"], condition=Q(person__isnull=False), name="lti_course_launch_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} from {self.course}"

    @property
    def platform(self) -> LearningPlatform:
        return self.course.platform

    def revoke(self, *, on: dt.datetime) -> None:
        """Revoke the launch and its ltik from the instant `on`; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = on
            self.save(update_fields=["revoked_at"])
