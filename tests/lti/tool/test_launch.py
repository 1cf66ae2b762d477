"""`/lti/course/launch`: what a good launch leads to, and what is kept of it."""

import base64
import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from lti import claims
from lti.core import ltik_token
from lti.models import Course, CourseLaunch, PlatformDeployment, Tool
from tests.lti.tool.launching import SUBJECT, launch, launch_claims, login, post, publish_keys, sent_to, signed
from tests.lti.tool.lms import INSTRUCTOR, LEARNER, ROSTER, Lms
from tests.lti.tool.platforms import make_course

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_the_browser_goes_to_the_tool_with_an_ltik(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    response = launch(browser, lms)

    url = urlsplit(response["Location"])
    assert (response.status_code, url.scheme, url.netloc, url.path) == (302, "https", "poll.example.org", "/launch")
    [(name, token)] = parse_qsl(url.query)
    made = CourseLaunch.objects.get()
    assert name == "ltik"
    assert ltik_token.decode(token, on=timezone.now()) == ltik_token.LtikClaims(made.uuid, True)
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"


def test_a_launch_url_with_a_query_keeps_it(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    Tool.objects.update(target_link_url="https://poll.example.org/open?from=lms")

    assert launch(browser, lms)["Location"].startswith("https://poll.example.org/open?from=lms&ltik=")


def test_the_ltik_names_the_platform_and_the_course(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    token = launch(browser, lms)["Location"].partition("ltik=")[2]

    message = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    issued = message.pop("iat")
    for name in ("s", "jti", "platformCode"):
        message.pop(name)
    assert message == {
        "platformUrl": lms.url,
        "clientId": "campus-roster",
        "deploymentId": "1",
        "contextId": "chem-101",
        "user": SUBJECT,
        "resourceLinkId": "link-1",
        "exp": issued + ltik_token.LTIK_LIFETIME,
        "aud": "https://testserver",
    }


def test_the_course_and_the_launch_are_kept(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    launch(browser, lms)

    course = Course.objects.get()
    made = CourseLaunch.objects.get()
    assert (course.deployment, course.context_id, course.label, course.title, course.types, course.memberships_url) == (
        deployment,
        "chem-101",
        "CHEM 101",
        "Chemistry",
        ["CourseOffering"],
        lms.url + ROSTER,
    )
    assert (made.course, made.subject, made.roles, made.product) == (course, SUBJECT, [INSTRUCTOR, LEARNER], "moodle")
    assert (made.resource_link_id, made.resource_link_title) == ("link-1", "Poll of the week")
    assert made.memberships_url == lms.url + ROSTER
    assert made.person == {"name": "Ann Lee", "email": "ann@example.com", "lis_person_sourcedid": "S-7"}


def test_a_later_launch_brings_the_course_up_to_date(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    launch(browser, lms)
    context = {"id": "chem-101", "title": "Chemistry for all"}

    launch(browser, lms, **{claims.CONTEXT_CLAIM: context, claims.NAMES_AND_ROLES: None})

    course = Course.objects.get()
    assert (course.title, course.label, course.types, course.memberships_url) == ("Chemistry for all", "", [], "")
    assert CourseLaunch.objects.count() == 2


def test_a_launch_that_says_the_same_does_not_change_the_course(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    launch(browser, lms)
    before = Course.objects.get().modified_at

    launch(browser, lms)

    assert Course.objects.get().modified_at == before


def test_one_context_id_is_another_course_in_another_deployment(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    other = make_course(deployment.platform, "2")

    launch(browser, lms)

    assert {course.deployment for course in Course.objects.filter(context_id="chem-101")} == {
        deployment,
        other.deployment,
    }


def test_who_launched_is_erased_when_the_ltik_has_expired(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    Tool.objects.update(may_read_sourcedid=True)
    sent: dict[str, Any] = {
        claims.CUSTOM: {"name": "Ann"},
        claims.LAUNCH_PRESENTATION: {"return_url": "https://lms.example.com/return?sesskey=1"},
    }
    launch(browser, lms, **sent)
    launch(browser, lms, **sent)
    first, second = CourseLaunch.objects.order_by("id")
    old = timezone.now() - dt.timedelta(seconds=ltik_token.LTIK_LIFETIME + 1)
    CourseLaunch.objects.filter(pk=first.pk).update(created_at=old)

    launch(browser, lms)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.person, first.custom, first.return_url) == (None, {}, "")
    assert second.person is not None
    assert (second.custom, second.return_url) == ({"name": "Ann"}, "https://lms.example.com/return?sesskey=1")
    assert first.subject == SUBJECT


def test_without_a_tool_the_course_is_known_and_nobody_is_named(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    deployment.platform.tool = None
    deployment.platform.save()

    response = launch(browser, lms, **{claims.CONTEXT_CLAIM: {"id": "chem-101", "title": "<b>Chemistry"}})

    assert response.status_code == 200
    text = response.content.decode()
    assert "<h1>&lt;b&gt;Chemistry</h1>" in text
    assert "Ann" not in text
    assert Course.objects.get().title == "<b>Chemistry"
    assert CourseLaunch.objects.get().person is None


def test_a_disabled_tool_is_not_opened(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    Tool.objects.update(status="disabled")

    response = launch(browser, lms)

    assert response.status_code == 200
    assert "ltik" not in response.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "https://lms.example.com/a b",
        "http://lms.example.com/memberships",
        "ftp://lms.example.com/x",
        "https://user:secret@lms.example.com/x",
        "https://lms.example.com/é",
        "https://lms.example.com/\0",
        "https://lms.example.com/" + "x" * 2000,
    ],
)
def test_a_roster_that_cannot_be_read_is_none(
    lms: Lms, browser: Client, deployment: PlatformDeployment, url: Any
) -> None:
    launch(browser, lms, **{claims.NAMES_AND_ROLES: {"context_memberships_url": url}})

    assert Course.objects.get().memberships_url == ""


def test_a_platform_elsewhere_does_not_lead_to_this_machine(
    lms: Lms, browser: Client, deployment: PlatformDeployment
) -> None:
    deployment.platform.token_url = "https://lms.example.com/token"
    deployment.platform.save()

    launch(browser, lms)

    assert Course.objects.get().memberships_url == ""


def test_texts_that_no_database_takes_are_left_out(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    odd = {
        "name": "A\0nn",
        "email": ["ann@example.com"],
        "given_name": "\ud800",
        claims.ROLES: ["\0", 7, LEARNER],
        claims.CONTEXT_CLAIM: {"id": "chem-101", "title": "\0", "label": "x" * 999, "type": ["\0", 3]},
        claims.RESOURCE_LINK: {"id": "link-1", "title": {"a": 1}},
        claims.LIS: "lis",
        claims.TOOL_PLATFORM: ["moodle"],
        claims.NAMES_AND_ROLES: "https://lms.example.com",
    }

    assert launch(browser, lms, **odd).status_code == 302

    course, made = Course.objects.get(), CourseLaunch.objects.get()
    assert (course.title, course.label, course.types) == ("", "x" * 255, [])
    assert (made.person, made.roles, made.resource_link_title, made.product) == ({}, [LEARNER], "", "")


def test_the_state_is_deleted_after_the_launch(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    publish_keys(lms)
    asked = sent_to(login(browser, lms))

    response = post(browser, signed(launch_claims(lms, asked)), asked["state"])

    cookie = response.cookies[f"lti-{asked['state']}"]
    assert (cookie.value, cookie["max-age"]) == ("", 0)


def test_keys_are_fetched_once_for_many_launches(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    for _ in range(3):
        launch(browser, lms)

    assert lms.paths() == ["/keys"]


def test_a_new_key_of_the_platform_is_found(lms: Lms, browser: Client, deployment: PlatformDeployment) -> None:
    launch(browser, lms)
    type(deployment.platform).objects.update(jwks_fetched_at=timezone.now() - dt.timedelta(seconds=11))
    publish_keys(lms, "lms-2")
    asked = sent_to(login(browser, lms))

    response = post(browser, signed(launch_claims(lms, asked), kid="lms-2"), asked["state"])

    assert response.status_code == 302
    assert lms.paths() == ["/keys", "/keys"]
