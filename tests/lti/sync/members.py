"""Members of courses for the tests."""

from typing import Any

from lti.tool.course_roster import Member
from roster.models import User
from tests.lti.sync.links import LEARNER


def member(user_id: str = "7", *roles: str, **fields: Any) -> Member:
    """A member of a course; a learner unless other roles are named."""
    return Member(user_id=user_id, roles=roles or (LEARNER,), **fields)


def as_member(person: User, *roles: str, **fields: Any) -> Member:
    """Somebody of the campus as a member of a course, told of by the e-mail address."""
    usual = {"name": person.full_name, "email": person.campus_email}
    return member(f"lms-{person.username}", *roles, **{**usual, **fields})
