"""The role mapping of a course link."""

from typing import Any

from django.db import models

from lti import roles
from lti.models.course_link import CourseLink
from lti.querysets import CourseRoleQuerySet
from organizations.models import PositionTemplate
from roster.names import search_key

USUAL_ROLES = (
    ("Instructor#TeachingAssistant", "Member"),
    ("Instructor", "Advisor"),
    ("Member", "Member"),
    ("Learner", "Member"),
)
"""The roles of a new link without any, each with the name of its template, in order of precedence."""


class CourseRole(models.Model):
    """The position template that holders of a role in the course get."""

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
        help_text="People with this role get the position of this template. It is created if the "
        "organization has none.",
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
        """Save the row, with the full URI of the role."""
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

    @classmethod
    def create_usual(cls, link: CourseLink) -> int:
        """Map the usual roles of a link for which the campus has templates. The number mapped."""
        names = {search_key(name) for _, name in USUAL_ROLES}
        templates = PositionTemplate.objects.filter(is_active=True, name_folded__in=names).order_by("-pk")
        by_name = {template.name_folded: template for template in templates}
        mappings = [
            CourseRole(link=link, role=roles.context_role(role), template=by_name[search_key(name)], rank=rank)
            for rank, (role, name) in enumerate(USUAL_ROLES, start=1)
            if search_key(name) in by_name
        ]
        return len(CourseRole.objects.bulk_create(mappings))
