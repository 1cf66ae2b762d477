"""Courses of an LMS."""

from django.db import models
from django.db.models import Q

from lti.models.learning_platform import LearningPlatform
from lti.models.platform_deployment import PlatformDeployment
from lti.querysets import CourseQuerySet
from lti.validators import validate_url
from roster.models import TimeStamped


class Course(TimeStamped):
    """A course, or another context of an LMS. It is stored at its first launch."""

    deployment = models.ForeignKey(
        PlatformDeployment,
        related_name="courses",
        on_delete=models.PROTECT,  # says by which registration the course's roster is read
    )
    context_id = models.CharField("context id", max_length=255, help_text="The id in the LMS.")
    label = models.CharField(max_length=255, blank=True, help_text="As CHEM 101.")
    title = models.CharField(max_length=500, blank=True)
    types = models.JSONField(default=list, blank=True, help_text="The context types that the LMS sends.")
    memberships_url = models.CharField(
        "Names and Roles URL",
        max_length=2000,
        blank=True,
        validators=[validate_url],
        help_text="From the newest launch; empty: the LMS does not let this server read the roster.",
    )

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = "course"
        constraints = [
            models.CheckConstraint(
                condition=~Q(context_id=""),
                name="lti_course_has_a_context_id",
                violation_error_message="A course needs the id that it has in its LMS.",
            ),
            models.UniqueConstraint(
                fields=["deployment", "context_id"],
                name="lti_course_once",
                violation_error_message="This course of this deployment is known already.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.label or self.context_id

    @property
    def platform(self) -> LearningPlatform:
        return self.deployment.platform
