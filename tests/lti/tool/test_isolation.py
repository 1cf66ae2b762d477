"""What the ltik of a launch from a course opens, to whom, and until when; and what `/api/idtoken` says of it."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from lti.core import ltik_token
from lti.models import CourseLaunch, LearningPlatform, PlatformDeployment, Tool
from tests.lti.ltik.ltik_api import LTIK_MEMBERSHIPS, key_of, launch_of, ltik_of, refusal, request_with_ltik
from tests.lti.tool.lms import LEARNER, ROSTER, Lms, person
from tests.lti.tool.platforms import make_course
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

BAD_LTIK = (401, "INVALID_LTIK")

PATHS = [LTIK_MEMBERSHIPS, "/api/idtoken"]
both_paths = pytest.mark.parametrize("path", PATHS)


@both_paths
def test_a_key_of_another_tool_opens_nothing(lms: Lms, token: str, path: str) -> None:
    other = make_tool("Other")
    lms.platform(client_id="other", tool=other)

    assert refusal(request_with_ltik(token, key_of(other), path)) == BAD_LTIK
    assert lms.asked == []


CLOSED: dict[str, Any] = {
    "a revoked launch": lambda launch: launch.revoke(on=timezone.now()),
    "a disabled platform": lambda launch: LearningPlatform.objects.update(status="disabled"),
    "a pending platform": lambda launch: LearningPlatform.objects.update(status="pending"),
    "a disabled deployment": lambda launch: PlatformDeployment.objects.update(status="disabled"),
    "a platform without its tool": lambda launch: LearningPlatform.objects.update(tool=None),
    "a platform of another tool": lambda launch: LearningPlatform.objects.update(tool=make_tool("Other")),
    "a launch that is gone": lambda launch: launch.delete(),
}


@both_paths
@pytest.mark.parametrize("what", CLOSED)
def test_it_opens_nothing_any_more(
    lms: Lms, launched: CourseLaunch, token: str, key: str, path: str, what: str
) -> None:
    CLOSED[what](launched)

    assert refusal(request_with_ltik(token, key, path)) == BAD_LTIK
    assert lms.asked == []


@both_paths
def test_a_disabled_tool_opens_nothing(lms: Lms, token: str, key: str, path: str) -> None:
    Tool.objects.update(status="disabled")

    assert refusal(request_with_ltik(token, key, path)) == (401, "INVALID_API_KEY")


@both_paths
def test_an_ltik_expires(lms: Lms, launched: CourseLaunch, key: str, path: str) -> None:
    old = ltik_token.mint(launched, on=timezone.now() - dt.timedelta(seconds=ltik_token.LTIK_LIFETIME))

    assert refusal(request_with_ltik(old, key, path)) == BAD_LTIK


def test_an_own_launch_and_one_from_a_course_keep_apart(
    sample: SampleData, lms: Lms, launched: CourseLaunch, tool: Tool, token: str, key: str
) -> None:
    lms.tells(person("a"))
    own = ltik_of(launch_of(sample.amara, sample.chess_club, deploy(tool)))
    inside, outside = request_with_ltik(own, key).body, request_with_ltik(token, key).body

    assert inside["context"]["title"] == "Chess Club"
    assert outside["context"]["id"] == "chem-101"
    assert refusal(request_with_ltik(own, key, url=outside["id"])) == (400, "INVALID_PARAMETERS")
    assert refusal(request_with_ltik(token, key, url=inside["id"])) == (400, "INVALID_PARAMETERS")
    assert refusal(request_with_ltik(token, key, url=inside["differences"])) == (400, "INVALID_PARAMETERS")


def test_a_launch_reads_its_own_course(lms: Lms, launched: CourseLaunch, tool: Tool, token: str, key: str) -> None:
    other = "/courses/chem-102/memberships"
    course = make_course(launched.platform, context_id="chem-102", memberships_url=lms.url + other)
    launch = CourseLaunch.objects.create(
        course=course, subject="u2", resource_link_id="2", memberships_url=course.memberships_url
    )
    lms.tells(person("a"))
    lms.tells(person("b"), at=other)

    assert [request_with_ltik(one, key).body["members"][0]["user_id"] for one in (token, ltik_of(launch))] == ["a", "b"]
    assert lms.paths() == ["/token", f"{ROSTER}?limit=100", f"{other}?limit=100"]


# /api/idtoken


def test_the_idtoken_says_who_launched_from_where(launched: CourseLaunch, lms: Lms, token: str, key: str) -> None:
    answer = request_with_ltik(token, key, "/api/idtoken")

    assert answer.status == 200
    assert answer.body == {
        "user": {"id": "u1", "name": "Ann Lee", "email": "ann@example.com", "roles": [LEARNER]},
        "platform": {
            "url": lms.url,
            "clientId": "campus-roster",
            "deploymentId": "1",
            "productFamilyCode": "moodle",
        },
        "context": {"id": "chem-101", "label": "CHEM 101", "title": "General Chemistry"},
        "launch": {
            "id": str(launched.uuid),
            "type": "LtiResourceLinkRequest",
            "resourceLink": {"id": "link-1", "title": "Poll of the week"},
        },
    }
    assert lms.asked == []


@pytest.mark.parametrize(
    "fields, told",
    [
        ({"disclosure": "none"}, set()),
        ({"disclosure": "name"}, {"name"}),
        ({"disclosure": "email"}, {"name", "email"}),
        ({"disclosure": "email", "audience": "public"}, {"name"}),
        ({"disclosure": "none", "may_read_sourcedid": True}, {"lis_person_sourcedid"}),
    ],
)
def test_the_idtoken_tells_as_much_as_the_tool_may_know(
    launched: CourseLaunch, token: str, key: str, fields: dict[str, Any], told: set[str]
) -> None:
    Tool.objects.update(**fields)

    assert request_with_ltik(token, key, "/api/idtoken").body["user"].keys() == told | {"id", "roles"}


def test_of_an_erased_person_the_id_is_left(launched: CourseLaunch, token: str, key: str) -> None:
    CourseLaunch.objects.update(person=None, roles=[])

    user = request_with_ltik(token, key, "/api/idtoken").body["user"]
    assert user == {"id": "u1", "roles": ["http://purl.imsglobal.org/vocab/lis/v2/system/person#User"]}
