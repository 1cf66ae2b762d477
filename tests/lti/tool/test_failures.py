"""An LMS that fails, at the ltik door."""

import pytest

from lti.models import Course, CourseLaunch
from tests.lti.ltik.ltik_api import refusal, request_with_ltik
from tests.lti.tool.lms import ROSTER, Lms, Reply, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.mark.parametrize(
    "path, reply, description",
    [
        (ROSTER, Reply(status=403), "The learning platform does not let this server read the roster of this course."),
        (ROSTER, Reply(b"<html>"), "The learning platform's answer is not JSON."),
        (
            "/token",
            Reply({"error": "invalid_client"}, 400),
            "The learning platform gives this server no access token (invalid_client).",
        ),
    ],
)
def test_a_failing_lms_is_shown_as_an_error_of_the_ltik_api(
    lms: Lms, launched: CourseLaunch, token: str, key: str, path: str, reply: Reply, description: str
) -> None:
    lms.replies[path] = reply

    answer = request_with_ltik(token, key)

    assert refusal(answer) == (502, "BAD_GATEWAY")
    assert answer.body["details"]["description"] == description


def test_an_lms_that_is_late_is_a_timeout(
    lms: Lms, launched: CourseLaunch, token: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti.core.http_client.MAX_SECONDS", -1.0)
    lms.tells(person("a"))

    assert refusal(request_with_ltik(token, key)) == (504, "GATEWAY_TIMEOUT")


def test_a_launch_without_a_roster(lms: Lms, launched: CourseLaunch, token: str, key: str) -> None:
    CourseLaunch.objects.update(memberships_url="")

    for parameters in ({}, {"url": f"{lms.url}{ROSTER}?p=2"}):
        assert refusal(request_with_ltik(token, key, **parameters)) == (404, "NOT_FOUND")
    assert lms.asked == []


def test_the_roster_is_that_of_the_launch_not_of_a_later_one(
    lms: Lms, launched: CourseLaunch, token: str, key: str
) -> None:
    Course.objects.update(memberships_url="https://lms.example.com/elsewhere")
    lms.tells(person("a"))

    assert request_with_ltik(token, key).body["id"] == lms.url + ROSTER
