"""The rules of tools and their keys hold in the database, and say what they ask."""

from typing import Any

import pytest
from django.utils import timezone

from lti.models import (
    Context,
    Course,
    CourseLink,
    CourseRole,
    CourseSync,
    Deployment,
    Disclosed,
    LearningPlatform,
    PlatformDeployment,
    PlatformKey,
    Recognized,
    ResourceLink,
    Tool,
)
from tests.cast import Cast
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.lti.course.platforms import make_course, make_platform
from tests.lti.sync.links import LEARNER, make_link
from tests.lti.tools import deploy, make_tool

pytestmark = pytest.mark.both_databases


def tool(**fields: Any) -> Tool:
    url = "https://poll.example.org/launch"
    return Tool(**{"name": "Poll", "login_url": url, "target_link_url": url, "redirect_urls": [url], **fields})


def told_again(cast: Cast) -> Disclosed:
    whom = {"tool": make_tool(), "context": Context.objects.create(organization=cast.lead), "user": cast.amara}
    Disclosed.objects.create(**whom)
    return Disclosed(**whom)


def second_untitled_link(cast: Cast) -> ResourceLink:
    where = {"deployment": deploy(make_tool()), "context": Context.objects.create(organization=cast.lead)}
    ResourceLink.objects.create(**where, title="Weekly poll")
    ResourceLink.objects.create(**where)
    return ResourceLink(**where)


def second_signing_key() -> PlatformKey:
    PlatformKey.objects.create(kid="one", public_jwk={"kty": "RSA"}, private_key_encrypted="x")
    return PlatformKey(kid="two", public_jwk={"kty": "RSA"}, private_key_encrypted="x")


def platform(**fields: Any) -> LearningPlatform:
    urls = dict.fromkeys(("authorization_url", "token_url", "key_set_url"), "https://lms.example.net/x")
    usual = {"name": "LMS", "issuer": "https://lms.example.net", "client_id": "roster", **urls}
    return LearningPlatform(**{**usual, **fields})


def platform_again() -> LearningPlatform:
    make_platform(issuer="https://lms.example.net", client_id="roster")
    return platform()


def deployment_again() -> PlatformDeployment:
    known = make_course().deployment
    return PlatformDeployment(platform=known.platform, deployment_id=known.deployment_id)


def course_again() -> Course:
    known = make_course()
    return Course(deployment=known.deployment, context_id=known.context_id)


def role_again(cast: Cast) -> CourseRole:
    link = make_link(cast.chess_club, learner=cast.member_kind)
    return CourseRole(link=link, role=LEARNER, template=cast.president_kind)


def recognized_again(cast: Cast) -> Recognized:
    whom = {"platform": make_platform(), "subject": "7", "way": "email"}
    Recognized.objects.create(**whom, user=cast.amara)
    return Recognized(**whom, user=cast.ben)


VIOLATIONS: Violations = {
    "lti_tool_has_a_name": lambda cast: tool(name=""),
    "lti_tool_status_is_known": lambda cast: tool(status="retired"),
    "lti_tool_audience_is_public_or_campus": lambda cast: tool(audience="staff"),
    "lti_tool_disclosure_is_known": lambda cast: tool(disclosure="more"),
    "lti_tool_sourcedid_is_for_campus": lambda cast: tool(may_read_sourcedid=True, audience="public"),
    "lti_deployment_has_an_id": lambda cast: Deployment(tool=make_tool(), deployment_id=""),
    "lti_disclosed_once": told_again,
    "lti_one_untitled_resource_link": second_untitled_link,
    "lti_learning_platform_has_a_name_and_client_id": lambda cast: platform(name=""),
    "lti_learning_platform_status_is_known": lambda cast: platform(status="retired"),
    "lti_learning_platform_once": lambda cast: platform_again(),
    "lti_platform_deployment_has_an_id": lambda cast: PlatformDeployment(platform=make_platform(), deployment_id=""),
    "lti_platform_deployment_status_is_known": lambda cast: PlatformDeployment(
        platform=make_platform(), deployment_id="1", status="retired"
    ),
    "lti_platform_deployment_once": lambda cast: deployment_again(),
    "lti_course_has_a_context_id": lambda cast: Course(deployment=make_course().deployment, context_id=""),
    "lti_course_once": lambda cast: course_again(),
    "lti_course_link_matching_is_known": lambda cast: CourseLink(
        organization=cast.chess_club, course=make_course(), matching="name"
    ),
    "lti_course_link_ends_at_most_all": lambda cast: CourseLink(
        organization=cast.chess_club, course=make_course(), most_ends=101
    ),
    "lti_course_role_once": role_again,
    "lti_course_sync_outcome_is_known": lambda cast: CourseSync(
        link=make_link(cast.chess_club), begun_at=timezone.now(), outcome="perhaps"
    ),
    "lti_recognized_once": recognized_again,
    "lti_recognized_by_a_known_way": lambda cast: Recognized(
        platform=make_platform(), subject="7", user=cast.amara, way="name"
    ),
    "lti_one_platform_key_signs": lambda cast: second_signing_key(),
    "lti_platform_key_signs_until_it_is_retired": lambda cast: PlatformKey(
        kid="one", public_jwk={"kty": "RSA"}, private_key_encrypted="x", retired_at=timezone.now()
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(cast: Cast, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](cast), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(cast: Cast, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](cast), name)
