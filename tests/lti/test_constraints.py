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
    ServiceKey,
    Tool,
)
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.lti.sync.links import LEARNER, make_link
from tests.lti.tool.platforms import make_course, make_platform
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def tool(**fields: Any) -> Tool:
    url = "https://poll.example.org/launch"
    return Tool(**{"name": "Poll", "login_url": url, "target_link_url": url, "redirect_urls": [url], **fields})


def disclosed_again(sample: SampleData) -> Disclosed:
    whom = {"tool": make_tool(), "context": Context.objects.create(organization=sample.lead), "user": sample.amara}
    Disclosed.objects.create(**whom)
    return Disclosed(**whom)


def second_untitled_link(sample: SampleData) -> ResourceLink:
    where = {"deployment": deploy(make_tool()), "context": Context.objects.create(organization=sample.lead)}
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


def role_again(sample: SampleData) -> CourseRole:
    link = make_link(sample.chess_club, learner=sample.member_kind)
    return CourseRole(link=link, role=LEARNER, template=sample.president_kind)


def recognized_again(sample: SampleData) -> Recognized:
    whom = {"platform": make_platform(), "subject": "7", "way": "email"}
    Recognized.objects.create(**whom, user=sample.amara)
    return Recognized(**whom, user=sample.ben)


def service_key_again(sample: SampleData) -> ServiceKey:
    tool = make_tool()
    where = {"deployment": deploy(tool), "context": Context.objects.create(organization=sample.lead)}
    ServiceKey.objects.create(tool=tool, revoked_at=timezone.now(), **where)
    ServiceKey.objects.create(tool=tool, **where)
    return ServiceKey(tool=tool, **where)


def service_key_of_course_again(sample: SampleData) -> ServiceKey:
    tool, course = make_tool(), make_course()
    ServiceKey.objects.create(tool=tool, course=course, revoked_at=timezone.now())
    ServiceKey.objects.create(tool=make_tool("Other"), course=course)
    ServiceKey.objects.create(tool=tool, course=course)
    return ServiceKey(tool=tool, course=course)


def service_key_of_two(sample: SampleData) -> ServiceKey:
    tool = make_tool()
    context = Context.objects.create(organization=sample.lead)
    return ServiceKey(tool=tool, deployment=deploy(tool), context=context, course=make_course())


VIOLATIONS: Violations = {
    "lti_tool_has_a_name": lambda sample: tool(name=""),
    "lti_tool_status_is_known": lambda sample: tool(status="retired"),
    "lti_tool_audience_is_public_or_campus": lambda sample: tool(audience="staff"),
    "lti_tool_disclosure_is_known": lambda sample: tool(disclosure="more"),
    "lti_tool_sourcedid_is_for_campus": lambda sample: tool(may_read_sourcedid=True, audience="public"),
    "lti_deployment_has_an_id": lambda sample: Deployment(tool=make_tool(), deployment_id=""),
    "lti_disclosed_once": disclosed_again,
    "lti_one_untitled_resource_link": second_untitled_link,
    "lti_learning_platform_has_a_name_and_client_id": lambda sample: platform(name=""),
    "lti_learning_platform_status_is_known": lambda sample: platform(status="retired"),
    "lti_learning_platform_once": lambda sample: platform_again(),
    "lti_platform_deployment_has_an_id": lambda sample: PlatformDeployment(platform=make_platform(), deployment_id=""),
    "lti_platform_deployment_status_is_known": lambda sample: PlatformDeployment(
        platform=make_platform(), deployment_id="1", status="retired"
    ),
    "lti_platform_deployment_once": lambda sample: deployment_again(),
    "lti_course_has_a_context_id": lambda sample: Course(deployment=make_course().deployment, context_id=""),
    "lti_course_once": lambda sample: course_again(),
    "lti_course_link_matching_is_known": lambda sample: CourseLink(
        organization=sample.chess_club, course=make_course(), matching="name"
    ),
    "lti_course_link_ends_at_most_all": lambda sample: CourseLink(
        organization=sample.chess_club, course=make_course(), most_ends=101
    ),
    "lti_course_role_once": role_again,
    "lti_course_sync_outcome_is_known": lambda sample: CourseSync(
        link=make_link(sample.chess_club), begun_at=timezone.now(), outcome="perhaps"
    ),
    "lti_recognized_once": recognized_again,
    "lti_recognized_by_a_known_way": lambda sample: Recognized(
        platform=make_platform(), subject="7", user=sample.amara, way="name"
    ),
    "lti_one_service_key_of_an_organization": service_key_again,
    "lti_one_service_key_of_a_course": service_key_of_course_again,
    "lti_service_key_is_for_one_roster": service_key_of_two,
    "lti_one_platform_key_signs": lambda sample: second_signing_key(),
    "lti_platform_key_signs_until_it_is_retired": lambda sample: PlatformKey(
        kid="one", public_jwk={"kty": "RSA"}, private_key_encrypted="x", retired_at=timezone.now()
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(sample: SampleData, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](sample), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(sample: SampleData, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](sample), name)
