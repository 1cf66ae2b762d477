from collections.abc import Iterator

import pytest

from lti.models import Course, CourseLaunch, Tool
from tests.lti.course.lms import LEARNER, Lms, running_lms
from tests.lti.door.doors import key_of, ltik_of
from tests.lti.tools import make_tool


@pytest.fixture
def lms() -> Iterator[Lms]:
    """A learning platform to be scripted."""
    with running_lms() as lms:
        yield lms


@pytest.fixture
def tool() -> Tool:
    """A campus tool that is told all but the SIS id."""
    return make_tool()


@pytest.fixture
def course(lms: Lms, tool: Tool) -> Course:
    """A course of the scripted LMS, whose launches open `tool`."""
    return lms.course(lms.platform(tool=tool))


@pytest.fixture
def launched(course: Course) -> CourseLaunch:
    """Somebody opened the tool from that course."""
    launch: CourseLaunch = CourseLaunch.objects.create(
        course=course,
        subject="u1",
        roles=[LEARNER],
        person={"name": "Ann Lee", "email": "ann@example.com", "lis_person_sourcedid": "S-1"},
        resource_link_id="link-1",
        resource_link_title="Poll of the week",
        memberships_url=course.memberships_url,
        product="moodle",
    )
    return launch


@pytest.fixture
def key(tool: Tool) -> str:
    """An API key of the tool."""
    return key_of(tool)


@pytest.fixture
def token(launched: CourseLaunch) -> str:
    """The ltik of that launch."""
    return ltik_of(launched)
