"""What the ltik of a launch from a course, or its service key, opens, to whom, and until when."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from lti.core import ltik_token
from lti.models import CourseLaunch, LearningPlatform, PlatformDeployment, ServiceKey, Tool
from tests.lti.ltik.ltik_api import (
    LTIK_MEMBERSHIPS,
    key_of,
    launch_of,
    ltik_of,
    refusal,
    request_with_ltik,
    request_with_service_key,
    service_key_of,
)
from tests.lti.tool.lms import ROSTER, Lms, person
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


CLOSED_TO_SERVICE_KEYS: dict[str, Any] = {
    **{what: close for what, close in CLOSED.items() if what not in {"a revoked launch", "a launch that is gone"}},
    "a revoked service key": lambda launch: ServiceKey.objects.get().revoke(on=timezone.now()),
}


@pytest.mark.parametrize("what", CLOSED_TO_SERVICE_KEYS)
def test_a_service_key_opens_nothing_any_more(lms: Lms, launched: CourseLaunch, key: str, what: str) -> None:
    service_key = service_key_of(launched)
    CLOSED_TO_SERVICE_KEYS[what](launched)

    assert refusal(request_with_service_key(service_key, key)) == (401, "INVALID_SERVICE_KEY")
    assert lms.asked == []


def test_a_service_key_of_another_tool_opens_nothing(lms: Lms, launched: CourseLaunch) -> None:
    other = make_tool("Other")
    lms.platform(client_id="other", tool=other)

    answer = request_with_service_key(service_key_of(launched), key_of(other))

    assert refusal(answer) == (401, "INVALID_SERVICE_KEY")
    assert lms.asked == []


def test_a_service_key_outlives_its_launch_and_reads_the_same(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    lms.tells(person("a", name="Ann"), differences=f"{ROSTER}?since=1")
    service_key = service_key_of(launched)
    by_ltik = request_with_ltik(token, key)
    launched.revoke(on=timezone.now())

    answer = request_with_service_key(service_key, key)

    assert answer.status == 200
    assert answer.body == by_ltik.body


def test_every_launch_from_a_course_has_the_same_service_key(launched: CourseLaunch) -> None:
    again = CourseLaunch.objects.create(course=launched.course, subject="u2", resource_link_id="2")
    other = make_course(launched.platform, context_id="chem-102")
    elsewhere = CourseLaunch.objects.create(course=other, subject="u1", resource_link_id="1")

    assert service_key_of(launched) == service_key_of(again) != service_key_of(elsewhere)


def test_a_service_key_has_no_resource_link(lms: Lms, launched: CourseLaunch, key: str) -> None:
    answer = request_with_service_key(service_key_of(launched), key, resourceLinkId="true")

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert lms.asked == []


def test_a_service_key_reads_its_own_course(lms: Lms, launched: CourseLaunch, key: str) -> None:
    other = lms.url + "/courses/chem-102/memberships"
    make_course(launched.platform, context_id="chem-102", memberships_url=other)

    answer = request_with_service_key(service_key_of(launched), key, url=other)

    assert refusal(answer) == (400, "INVALID_PARAMETERS")
    assert lms.asked == []


def test_service_keys_of_an_organization_and_a_course_keep_apart(
    sample: SampleData, lms: Lms, launched: CourseLaunch, tool: Tool, key: str
) -> None:
    lms.tells(person("a"))
    own = service_key_of(launch_of(sample.amara, sample.chess_club, deploy(tool)))
    of_course = service_key_of(launched)
    inside, outside = request_with_service_key(own, key).body, request_with_service_key(of_course, key).body

    assert (inside["context"]["title"], outside["context"]["id"]) == ("Chess Club", "chem-101")
    for service_key, url in ((own, outside["id"]), (of_course, inside["id"]), (of_course, inside["differences"])):
        assert refusal(request_with_service_key(service_key, key, url=url)) == (400, "INVALID_PARAMETERS")


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
