"""Deployments of this server in an LMS."""

from django.db import models
from django.db.models import Q

from lti.models.learning_platform import LearningPlatform
from lti.querysets import PlatformDeploymentQuerySet
from roster.identifiers import no_invisible_characters
from roster.models import TimeStamped
from roster.names import validate_identifier, validate_name
from roster.privacy import Grant


class PlatformDeployment(TimeStamped):
    """A deployment of this server in an LMS, with the id that its launches carry."""

    Status = LearningPlatform.Status

    platform = models.ForeignKey(
        LearningPlatform,
        related_name="deployments",
        on_delete=models.CASCADE,  # a part of the platform
    )
    deployment_id = models.CharField(
        "deployment id",
        max_length=255,
        validators=[validate_name, validate_identifier],
        help_text="As the LMS shows it.",
    )
    status = models.CharField(
        max_length=8,
        choices=Status,
        default=Status.ACTIVE,
        help_text="A deployment that is first seen in a launch is pending until staff activate it.",
    )

    named_after = ("platform",)
    objects = PlatformDeploymentQuerySet.as_manager()

    class Meta:
        verbose_name = "deployment in an LMS"
        verbose_name_plural = "deployments in an LMS"
        constraints = [
            models.CheckConstraint(
                condition=~Q(deployment_id=""),
                name="lti_platform_deployment_has_an_id",
                violation_error_message="A deployment in an LMS needs the id that it has there.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "disabled"]),
                name="lti_platform_deployment_status_is_known",
                violation_error_message="The status of a deployment in an LMS is Pending, Active or Disabled.",
            ),
            models.UniqueConstraint(
                fields=["platform", "deployment_id"],
                name="lti_platform_deployment_once",
                violation_error_message="This deployment of the learning platform is known already.",
            ),
            *no_invisible_characters("lti_platform_deployment", "deployment_id"),
        ]

    def __str__(self) -> str:
        return f"{self.platform.name}, deployment {self.deployment_id}"

    @property
    def grants(self) -> Grant:
        """What it grants a program to read."""
        return self.platform.grants

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE
