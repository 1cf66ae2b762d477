from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from lti.core import roles
from lti.models.course import Course
from lti.querysets import CourseLinkQuerySet, CourseRoleQuerySet
from organizations.models import Organization, PositionTemplate
from roster.models import TimeStamped
from roster.names import search_key
from roster.privacy import Grant, Level

USUAL_ROLES = (
    ("Instructor#TeachingAssistant", "Member"),
    ("Instructor", "Advisor"),
    ("Member", "Member"),
    ("Learner", "Member"),
)
"""The roles of a link that was given none, each with the name of its template, in the order in which they decide."""


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
        help_text="Known since somebody opened this server from it.",
    )
    is_active = models.BooleanField("active", default=True, help_text="Only an active link is synced.")
    matching = models.CharField(
        max_length=6,
        choices=Matching,
        default=Matching.SIS_ID_OR_EMAIL,
        help_text="How people of the course are found here. By SIS id only, where people can change their address in "
        "the LMS; by e-mail only, where the LMS has other ids. Never by name.",
    )
    most_ends = models.PositiveSmallIntegerField(
        "most that may end",
        default=25,
        validators=[MaxValueValidator(100)],
        help_text="Percent of the memberships that syncs keep here. A sync that would end more, and more than three, "
        "writes nothing until somebody allows it.",
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
        """What it opens: a hidden organization exists for staff only."""
        visible = self.organization.directory_visibility == "visible"
        return Grant(Level.CAMPUS if visible else Level.STAFF)

    def __str__(self) -> str:
        return f"{self.organization.name} from {self.course}"

    def take_usual_roles(self) -> int:
        """Map the usual roles, as far as the campus has templates for them. The number mapped."""
        names = {search_key(name) for _, name in USUAL_ROLES}
        templates = PositionTemplate.objects.filter(is_active=True, name_folded__in=names).order_by("-pk")
        by_name = {template.name_folded: template for template in templates}
        mappings = [
            CourseRole(link=self, role=roles.context_role(role), template=by_name[search_key(name)], rank=rank)
            for rank, (role, name) in enumerate(USUAL_ROLES, start=1)
            if search_key(name) in by_name
        ]
        return len(CourseRole.objects.bulk_create(mappings))


class CourseRole(models.Model):
    """What a role in the course makes of somebody in the organization."""

    link = models.ForeignKey(
        CourseLink,
        related_name="roles",
        db_index=False,  # served by the constraint
        on_delete=models.CASCADE,  # a part of the link
    )
    role = models.CharField(
        max_length=roles.LONGEST,
        help_text="Learner, Instructor#TeachingAssistant, or the whole URI of a LIS context role.",
    )
    template = models.ForeignKey(
        PositionTemplate,
        related_name="course_roles",
        on_delete=models.PROTECT,  # a template in use is retired
        help_text="The position of this kind is held. It is made when the organization has none.",
    )
    rank = models.PositiveSmallIntegerField(
        "order", default=10, help_text="Of several roles of a person the one with the lowest number decides."
    )

    named_after = ("template",)
    objects = CourseRoleQuerySet.as_manager()

    class Meta:
        verbose_name = "role in a course"
        verbose_name_plural = "roles in a course"
        constraints = [
            models.UniqueConstraint(
                fields=["link", "role"],
                name="lti_course_role_once",
                violation_error_message="This role has a position already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.short_role} as {self.template.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the row, the role as its whole URI."""
        self.role = roles.read_context_role(self.role)
        super().save(*args, **kwargs)

    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field; a short role becomes its URI."""
        super().clean_fields(exclude=exclude)
        if "role" not in (exclude or ()):
            self.role = roles.read_context_role(self.role)

    @property
    def short_role(self) -> str:
        return roles.short_name(self.role)
