"""Service keys, with which tools read a roster in jobs without a person."""

import datetime as dt
import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from lti.models.context import Context
from lti.models.course import Course
from lti.models.course_launch import CourseLaunch
from lti.models.deployment import Deployment
from lti.models.launch import Launch
from lti.models.tool import Tool
from lti.querysets import ServiceKeyQuerySet
from roster.models import TimeStamped
from roster.ranges import InstantColumn


class ServiceKey(TimeStamped):
    """A tool's key for one roster: an organization's, by a deployment, or a course's.

    Its text is signed (`lti/core/service_key_token.py`), so that the database holds no secret.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    tool = models.ForeignKey(
        Tool,
        related_name="service_keys",
        on_delete=models.CASCADE,  # useless without its tool
    )
    deployment = models.ForeignKey(
        Deployment,
        null=True,
        blank=True,
        related_name="service_keys",
        on_delete=models.CASCADE,  # a part of the deployment
    )
    context = models.ForeignKey(
        Context,
        null=True,
        blank=True,
        related_name="service_keys",
        on_delete=models.CASCADE,  # opens nothing without the organization
    )
    course = models.ForeignKey(
        Course,
        null=True,
        blank=True,
        related_name="service_keys",
        on_delete=models.CASCADE,  # opens nothing without the course
    )
    revoked_at = InstantColumn("revoked", null=True, blank=True, editable=False)

    named_after = ("tool", "context", "course")
    objects = ServiceKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "service key"
        constraints = [
            models.CheckConstraint(
                condition=Q(deployment__isnull=False, context__isnull=False, course=None)
                | Q(deployment=None, context=None, course__isnull=False),
                name="lti_service_key_is_for_one_roster",
                violation_error_message="A service key is for an organization, by a deployment, or for a course.",
            ),
            models.UniqueConstraint(
                fields=["deployment", "context"],
                condition=Q(revoked_at=None),
                name="lti_one_service_key_of_an_organization",
                violation_error_message="This deployment has a service key for this organization already.",
            ),
            models.UniqueConstraint(
                fields=["tool", "course"],
                condition=Q(revoked_at=None),
                name="lti_one_service_key_of_a_course",
                violation_error_message="This tool has a service key for this course already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tool.name}: {self.course or (self.context and self.context.organization.name)}"

    @classmethod
    def of_launch(cls, launch: Launch | CourseLaunch) -> "ServiceKey | None":
        """The key for the roster of a launch, created on first use; None if one was revoked since the launch began."""
        roster = roster_of_launch(launch)
        if cls.objects.filter(**roster, revoked_at__gte=launch.created_at).exists():
            return None
        key: ServiceKey = cls.objects.get_or_create(**roster, revoked_at=None)[0]
        return key

    def revoke(self, *, on: dt.datetime) -> None:
        """Revoke the key from the instant `on`; a second time changes nothing. A later launch gets another one."""
        if self.revoked_at is None:
            self.revoked_at = on
            self.save(update_fields=["revoked_at"])


def roster_of_launch(launch: Launch | CourseLaunch) -> dict[str, Any]:
    """The columns of a service key that say which roster it is for, and which tool reads it."""
    if isinstance(launch, CourseLaunch):
        return {"tool": launch.platform.tool, "course": launch.course}
    link = launch.resource_link
    return {"tool": link.deployment.tool, "deployment": link.deployment, "context": link.context}
