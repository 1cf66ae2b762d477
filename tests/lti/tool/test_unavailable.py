"""Whatever an LMS does wrong ends in one kind of error, with words that say what."""

from typing import Any

import pytest

from lti.core import http_client
from lti.models import Course, CourseLaunch
from lti.tool import course_roster
from lti.tool.course_roster import members
from lti.tool.unavailable import CourseUnavailable
from roster import secrets
from tests.lti.tool.lms import ROSTER, Lms, Reply, person

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def refusal(course: Course | CourseLaunch) -> CourseUnavailable:
    with pytest.raises(CourseUnavailable) as error:
        list(members(course))
    return error.value


@pytest.mark.parametrize(
    "reply, words",
    [
        (Reply({"error": "invalid_client"}, 400), "gives this server no access token (invalid_client)."),
        (Reply({"error": "<script>"}, 401), "gives this server no access token (status 401)."),
        (Reply(b"<html>", 500), "gives this server no access token (status 500)."),
        (Reply({"access_token": None}), "answered without an access token."),
        (Reply({"access_token": "a\r\nb"}), "answered without an access token."),
        (Reply(["token"]), "answered without an access token."),
        (Reply(b"token"), "answer is not JSON."),
        (Reply(status=302, headers={"Location": "/elsewhere"}), "gives this server no access token (status 302)."),
    ],
)
def test_a_token_that_is_not_given(lms: Lms, reply: Reply, words: str) -> None:
    lms.replies["/token"] = reply
    lms.tells(person("u1"))

    error = refusal(lms.course())

    assert str(error).endswith(words)
    assert lms.paths() == ["/token"]
    assert not error.timed_out


@pytest.mark.parametrize(
    "reply, words",
    [
        (Reply(b"<html>"), "The learning platform's answer is not JSON."),
        (Reply([]), "The learning platform's answer is no membership container."),
        (Reply({"members": None}), "The learning platform's answer is no membership container."),
        (Reply({"members": ["u1"]}), "The learning platform sent a member without a user_id or roles."),
        (Reply({"members": [{"roles": []}]}), "The learning platform sent a member without a user_id or roles."),
        (Reply({"members": [{"user_id": "1"}]}), "The learning platform sent a member without a user_id or roles."),
        (Reply(status=403), "The learning platform does not let this server read the roster of this course."),
        (Reply(status=404), "The learning platform no longer has the roster of this course."),
        (Reply(status=429), "The learning platform says that it gets too many requests."),
        (Reply(status=500), "The learning platform answered with status 500."),
        (Reply(status=401), "The learning platform rejects its own access token."),
        (
            Reply({"members": []}, headers={"Content-Encoding": "gzip"}),
            "The learning platform's answer is compressed, which was not asked for.",
        ),
    ],
)
def test_an_answer_that_is_no_roster(lms: Lms, reply: Reply, words: str) -> None:
    lms.replies[ROSTER] = reply

    assert str(refusal(lms.course())) == words


def test_a_redirect_is_not_followed(lms: Lms) -> None:
    lms.tells(person("u1"), at="/elsewhere")
    lms.replies[ROSTER] = Reply(status=302, headers={"Location": f"{lms.url}/elsewhere"})

    error = refusal(lms.course())

    assert str(error) == "The learning platform redirects, which this server does not follow."
    assert lms.paths() == ["/token", ROSTER]


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.org/",
        "/elsewhere",
        f"{ROSTER}x?p=2",
        f"{ROSTER}/../../chem-102/memberships",
        "//evil.example.org",
        "//[",
    ],
)
def test_pages_do_not_leave_the_service(lms: Lms, link: str) -> None:
    lms.replies[ROSTER] = Reply({"members": []}, headers={"Link": f'<{link}>; rel="next"'})

    error = refusal(lms.course())

    assert str(error) == "The learning platform links to a page outside of its own Names and Roles service."
    assert lms.paths() == ["/token", ROSTER]


def test_pages_in_a_ring_come_to_an_end(lms: Lms) -> None:
    lms.tells(person("u1"), next=f"{ROSTER}?p=2")
    lms.tells(person("u2"), at=f"{ROSTER}?p=2", next=f"{ROSTER}?p=2")

    assert str(refusal(lms.course())) == "The learning platform's pages have no end."


def test_pages_without_an_end_come_to_one(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course_roster, "MAX_PAGES", 3)

    def another(asked: Any) -> Reply:
        headers = {"Link": f'<{lms.url}{ROSTER}?p={len(lms.asked)}>; rel="next"'}
        return Reply({"members": []}, headers=headers)

    lms.replies[ROSTER] = another

    assert str(refusal(lms.course())) == "The learning platform's pages have no end."
    assert len(lms.asked) < 8


def test_a_page_that_is_too_large(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_RESPONSE_BYTES", 1024 * 1024)
    lms.replies[ROSTER] = Reply(b" " * (1024 * 1024 + 1))

    assert str(refusal(lms.course())) == "The learning platform's answer is larger than 1 MB."


def test_a_platform_that_says_nothing(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_SECONDS", 0.2)
    course = lms.course()
    lms.shutdown()  # it takes connections, and answers none

    error = refusal(course)

    assert str(error) == "The learning platform did not answer in time."
    assert error.timed_out


def test_a_platform_that_never_stops_talking(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_SECONDS", -1.0)
    lms.tells(person("u1"))

    error = refusal(lms.course())

    assert error.timed_out


def test_a_platform_that_is_not_there(lms: Lms) -> None:
    platform = lms.platform(token_url="http://127.0.0.1:9/token")

    assert str(refusal(lms.course(platform))) == "The learning platform cannot be reached (ConnectError)."


def test_a_course_whose_platform_offers_no_roster(lms: Lms) -> None:
    assert "offers no roster" in str(refusal(lms.course(memberships_url="")))
    assert lms.asked == []


def test_a_platform_that_is_disabled_is_not_asked(lms: Lms) -> None:
    assert "is not active here" in str(refusal(lms.course(lms.platform(status="disabled"))))
    assert lms.asked == []


def test_a_deployment_that_waits_is_not_asked(lms: Lms) -> None:
    course = lms.course()
    course.deployment.status = "pending"

    assert "is not active here" in str(refusal(course))
    assert lms.asked == []


def test_a_server_that_cannot_sign(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    def decrypt(token: str) -> str:
        raise ValueError("This private key was encrypted under another SECRET_KEY.")

    monkeypatch.setattr(secrets, "decrypt", decrypt)

    assert str(refusal(lms.course())) == (
        "This server cannot sign. This private key was encrypted under another SECRET_KEY."
    )


def test_no_token_is_logged(lms: Lms, caplog: pytest.LogCaptureFixture) -> None:
    lms.replies["/token"] = Reply({"access_token": "my-secret-token"})
    lms.replies[ROSTER] = Reply(status=401)
    caplog.set_level("DEBUG")

    refusal(lms.course())

    logged = " ".join(str(record.__dict__) for record in caplog.records)
    assert "my-secret-token" not in logged
    assert "eyJ" not in logged
