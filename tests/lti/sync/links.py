"""Organizations linked to courses, for the tests."""

from typing import Any

from lti import roles
from lti.models import CourseLink, CourseRole
from organizations.models import Organization, PositionTemplate
from tests.lti.tool.platforms import make_course

LEARNER, INSTRUCTOR = roles.LEARNER, roles.INSTRUCTOR
ASSISTANT = roles.context_role("Instructor#TeachingAssistant")


def make_link(
    organization: Organization,
    *,
    learner: PositionTemplate | None = None,
    instructor: PositionTemplate | None = None,
    **fields: Any,
) -> CourseLink:
    """An organization linked to a course of its own, whose learners and instructors hold positions of these kinds."""
    course = fields.pop("course", None) or make_course()
    link: CourseLink = CourseLink.objects.create(organization=organization, course=course, **fields)
    for role, template in ((LEARNER, learner), (INSTRUCTOR, instructor)):
        if template:
            CourseRole.objects.create(link=link, role=role, template=template)
    return link
