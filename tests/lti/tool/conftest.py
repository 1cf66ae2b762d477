from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from lti.models import Course, CourseLaunch, PlatformDeployment, Tool, platform_key
from tests.lti.ltik.ltik_api import key_of, ltik_of
from tests.lti.tool.launching import publish_keys
from tests.lti.tool.lms import LEARNER, Lms, running_lms
from tests.lti.tools import make_tool


class SharedKey(RSAKey):
    """One private key for all tests: making one takes longer than most of them."""

    @classmethod
    @cache
    def generate_key(cls, *args: Any, **kwargs: Any) -> Any:
        return super().generate_key(*args, **kwargs)


@pytest.fixture(autouse=True)
def _one_platform_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_key, "RSAKey", SharedKey)


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
def browser() -> Client:
    """A browser, from which posts of other sites come too."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def deployment(lms: Lms, tool: Tool) -> PlatformDeployment:
    """An active deployment of the scripted LMS, whose courses open `tool`; no course of it is known yet."""
    publish_keys(lms)
    deployment: PlatformDeployment = PlatformDeployment.objects.create(
        platform=lms.platform(tool=tool), deployment_id="1"
    )
    return deployment


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
