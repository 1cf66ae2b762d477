"""Links from organizations to the courses that their members come from."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from lti.models.course import Course
from lti.querysets import CourseLinkQuerySet
from organizations.models import Organization
from roster.models import TimeStamped
from roster.privacy import Grant, Level


class CourseLink(TimeStamped):
    """An organization that takes its members from a course."""

    class Matching(models.TextChoices):
        SIS_ID_OR_EMAIL = "either", "By SIS id, else by campus e-mail"
        SIS_ID = "sis-id", "By SIS id only"
        EMAIL = "email", "By campus e-mail only"

    organization = models.OneToOneField(
        Organization,
        related_name="course_link",
        on_delete=models.CASCADE,  # says only where the organization's members come from
    )
    course = models.ForeignKey(
        Course,
        related_name="links",
        on_delete=models.PROTECT,  # the members it gave are still here
        help_text="Courses are known after somebody opened this server from them.",
    )
    is_active = models.BooleanField("active", default=True, help_text="Only an active link is synced.")
    matching = models.CharField(
        max_length=6,
        choices=Matching,
        default=Matching.SIS_ID_OR_EMAIL,
        help_text="How the accounts of the course's members are found. By SIS id only, if people can change "
        "their address in the LMS; by e-mail only, if the LMS has other ids. Never by name.",
    )
    most_ends = models.PositiveSmallIntegerField(
        "most that may end",
        default=25,
        validators=[MaxValueValidator(100)],
        help_text="Percent of the memberships that syncs keep here. A sync that would end more, and more "
        "than three memberships, writes nothing until somebody allows it.",
    )

    named_after = ("organization", "course")
    objects = CourseLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(matching__in=["either", "sis-id", "email"]),
                name="lti_course_link_matching_is_known",
                violation_error_message="People are found by SIS id or e-mail, by SIS id only, or by e-mail only.",
            ),
            models.CheckConstraint(
                condition=Q(most_ends__lte=100),
                name="lti_course_link_ends_at_most_all",
                violation_error_message="The most that may end is a number of percent, 0 to 100.",
            ),
        ]

    @property
    def grants(self) -> Grant:
        """What it grants: a hidden organization is for staff only."""
        visible = self.organization.directory_visibility == "visible"
        return Grant(Level.CAMPUS if visible else Level.STAFF)

    def __str__(self) -> str:
        return f"{self.organization.name} from {self.course}"
