"""`/lti/course/launch` refuses what is not right, with a page that says why, and keeps nothing of it."""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti import claims
from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment
from tests.lti.tool.launching import (
    NOT_BEGUN,
    assert_refused,
    launch,
    launch_claims,
    lms_key,
    login,
    post,
    publish_keys,
    sent_to,
    signed,
    signed_by_the_public_key,
    unsigned,
)
from tests.lti.tool.lms import Lms, Reply

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("deployment")]


NOW = int(time.time())
DAY = 86_400


@pytest.mark.parametrize(
    "changes, status, words",
    [
        ({"iss": None}, 401, "iss"),
        ({"iss": ["x"]}, 400, "is not understood: iss."),
        ({"iss": "https://other.example.com"}, 403, "not registered with this learning platform"),
        ({"aud": None}, 400, "is not understood: aud."),
        ({"aud": []}, 400, "is not understood: aud."),
        ({"aud": {"a": 1}}, 400, "is not understood: aud."),
        ({"aud": "other"}, 403, "not registered with this learning platform"),
        ({"aud": ["campus-roster", "other"]}, 401, "azp is not this server"),
        ({"aud": ["campus-roster", "other"], "azp": "other"}, 403, "not registered with this learning platform"),
        ({"aud": "other", "azp": "campus-roster"}, 401, "aud is not this server"),
        ({"sub": None}, 401, "it names no person (sub)"),
        ({"sub": 7}, 400, "is not understood: sub."),
        ({"sub": "a\0b"}, 400, "is not understood: sub."),
        ({"sub": "x" * 256}, 400, "is not understood: sub."),
        ({"nonce": None}, 401, "nonce"),
        ({"nonce": ["x"]}, 400, "is not understood: nonce."),
        ({"nonce": "another"}, 401, NOT_BEGUN),
        ({"exp": None}, 401, "exp or iat is missing"),
        ({"exp": "soon"}, 401, "exp or iat is missing"),
        ({"exp": NOW - 61}, 401, "it has expired"),
        ({"iat": None}, 401, "exp or iat is missing"),
        ({"iat": NOW + DAY, "exp": NOW + 2 * DAY}, 401, "it is from the future"),
        ({"nbf": NOW + DAY}, 401, "it is from the future"),
        ({"iat": 10**400}, 401, "it is from the future"),
        ({claims.VERSION: "1.2.0"}, 401, "the version is to be 1.3.0"),
        ({claims.VERSION: None}, 401, "the version is to be 1.3.0"),
        (
            {claims.MESSAGE_TYPE: "LtiSubmissionReviewRequest"},
            400,
            "LtiResourceLinkRequest or LtiDeepLinkingRequest only",
        ),
        ({claims.MESSAGE_TYPE: None}, 400, "LtiDeepLinkingRequest only"),
        ({claims.DEPLOYMENT_ID: None}, 401, "deployment_id"),
        ({claims.DEPLOYMENT_ID: 1}, 400, "is not understood: deployment_id."),
        (
            {claims.DEPLOYMENT_ID: " 2"},
            400,
            "The id of this deployment cannot be kept. Spaces before or after it are not allowed.",
        ),
        (
            {claims.DEPLOYMENT_ID: "2\u200b"},
            400,
            "The id of this deployment cannot be kept. It contains an invisible character",
        ),
        ({claims.RESOURCE_LINK: None}, 400, "the id of the resource link is missing"),
        ({claims.RESOURCE_LINK: {}}, 400, "the id of the resource link is missing"),
        ({claims.RESOURCE_LINK: "link-1"}, 400, "is not understood: resource_link."),
        ({claims.ROLES: None}, 400, "the roles claim is missing"),
        ({claims.ROLES: "Learner"}, 400, "is not understood: roles."),
        ({claims.CONTEXT_CLAIM: None}, 400, "from outside of a course"),
        ({claims.CONTEXT_CLAIM: ["x"]}, 400, "is not understood: context."),
        ({claims.CONTEXT_CLAIM: {"id": ""}}, 400, "is not understood: context."),
    ],
)
def test_claims_that_are_not_right(lms: Lms, browser: Client, changes: dict[str, Any], status: int, words: str) -> None:
    assert_refused(launch(browser, lms, **changes), status, words)


def test_several_audiences_with_an_authorized_party_are_good(lms: Lms, browser: Client) -> None:
    assert launch(browser, lms, aud=["other", "campus-roster"], azp="campus-roster").status_code == 302


TOKENS: dict[str, Callable[[dict[str, Any]], str]] = {
    "none": unsigned,
    "hmac_with_the_public_key": signed_by_the_public_key,
    "a_key_that_is_not_published": lambda message: signed(message, kid="lms-2"),
    "another_key_under_a_published_id": lambda message: signed(message, key=lms_key("lms-2")),
    "another_algorithm": lambda message: signed(message, alg="RS512"),
    "no_key_id": lambda message: signed(message, kid=None, key=lms_key()),
    "another_signature": lambda message: signed(message)[:-8] + "AAAAAAAA",
    "two_parts": lambda message: signed(message).rpartition(".")[0],
    "no_json": lambda message: "YQ.YQ.YQ",
    "no_object": lambda message: signed([]),
    "no_token": lambda message: "",
}


@pytest.mark.parametrize("name", TOKENS)
def test_a_token_that_the_platform_did_not_sign(lms: Lms, browser: Client, name: str) -> None:
    asked = sent_to(login(browser, lms))

    response = post(browser, TOKENS[name](launch_claims(lms, asked)), asked["state"])

    assert_refused(response, 400 if name == "no_token" else 401, "The learning platform’s message is refused")


def test_a_private_or_weak_key_of_the_platform_signs_nothing(lms: Lms, browser: Client) -> None:
    lms.replies["/keys"] = Reply({"keys": [lms_key().as_dict(private=True), {"kty": "oct", "k": "AAAA", "kid": "x"}]})

    assert_refused(launch(browser, lms), 401, "publishes no key of its key id")


@pytest.mark.parametrize("word, shown", [("login_required", " (login_required)"), ("<script>", "")])
def test_an_error_of_the_platform_is_shown(browser: Client, word: str, shown: str) -> None:
    response = browser.post("/lti/course/launch", {"error": word, "state": "x"})

    assert_refused(response, 403, f"The learning platform did not sign you in{shown}. Open")


# The platform and its deployment


def test_a_platform_that_was_disabled_since(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    LearningPlatform.objects.update(status="disabled")

    assert_refused(post(browser, signed(launch_claims(lms, asked)), asked["state"]), 403, "or not any more")


def test_an_unknown_deployment_waits_for_staff(lms: Lms, browser: Client) -> None:
    response = launch(browser, lms, **{claims.DEPLOYMENT_ID: "<2>"})

    assert_refused(response, 403, "The deployment &lt;2&gt; of Campus LMS is not one that this server works with.")
    assert PlatformDeployment.objects.get(deployment_id="<2>").status == "pending"


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_a_deployment_that_is_not_active(
    lms: Lms, browser: Client, deployment: PlatformDeployment, status: str
) -> None:
    PlatformDeployment.objects.update(status=status)

    assert_refused(launch(browser, lms), 403, "is not one that this server works with.")
    assert PlatformDeployment.objects.get().status == status


def test_a_deployment_that_nobody_signed_for_is_not_logged(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    message = launch_claims(lms, asked, **{claims.DEPLOYMENT_ID: "2"})

    assert_refused(post(browser, signed(message, key=lms_key("lms-2")), asked["state"]), 401, "refused")
    assert PlatformDeployment.objects.count() == 1


def test_only_so_many_deployments_wait(
    lms: Lms, browser: Client, deployment: PlatformDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lti.tool.registrations.MAX_PENDING_DEPLOYMENTS", 2)
    for number in "2345":
        launch(browser, lms, **{claims.DEPLOYMENT_ID: number})

    assert PlatformDeployment.objects.filter(status="pending").count() == 2
    assert launch(browser, lms).status_code == 302


@pytest.mark.parametrize(
    "reply, status, words",
    [
        (Reply(status=500), 502, "does not show its keys (status 500)"),
        (Reply(status=302, headers={"Location": "/elsewhere"}), 502, "does not show its keys (status 302)"),
        (Reply(b"<html>"), 502, "is not JSON"),
        (Reply([1]), 401, "publishes no key of its key id"),
        (Reply({"keys": [1, {"kty": "RSA", "kid": "lms-1"}]}), 401, "publishes no key of its key id"),
    ],
)
def test_a_platform_that_does_not_show_its_keys(
    lms: Lms, browser: Client, reply: Reply, status: int, words: str
) -> None:
    lms.replies["/keys"] = reply

    assert_refused(launch(browser, lms), status, words)


def test_a_key_that_was_taken_down_signs_nothing(lms: Lms, browser: Client) -> None:
    assert launch(browser, lms).status_code == 302
    CourseLaunch.objects.all().delete()
    Course.objects.all().delete()
    publish_keys(lms, "lms-2")
    LearningPlatform.objects.update(jwks_fetched_at=timezone.now() - dt.timedelta(minutes=6))

    assert_refused(launch(browser, lms), 401, "publishes no key of its key id")


# How it is refused


def test_other_methods_are_refused(browser: Client) -> None:
    assert browser.get("/lti/course/launch").status_code == 405
    assert browser.put("/lti/course/login").status_code == 405


def test_a_refusal_logs_no_token(lms: Lms, browser: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    asked = sent_to(login(browser, lms))
    token = signed(launch_claims(lms, asked, exp=1))

    post(browser, token, asked["state"])

    text = " ".join(str(record.__dict__) for record in caplog.records)
    assert token not in text
    assert asked["state"] not in text


FRAMED = ["/lti/course/login", "/lti/course/register"]
NOT_FRAMED = ["/admin/login/", "/lti/sign-in", "/api/docs/"]


@pytest.mark.parametrize("path", FRAMED)
def test_pages_for_platforms_may_stand_in_their_frames(browser: Client, path: str) -> None:
    response = browser.get(path)

    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response


@pytest.mark.parametrize("path", NOT_FRAMED)
def test_no_other_page_may(browser: Client, path: str) -> None:
    response = browser.get(path, secure=True)

    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


def test_a_page_in_a_frame_has_nothing_to_press(lms: Lms, browser: Client) -> None:
    for response in (launch(browser, lms, sub=None), browser.get("/lti/course/register")):
        text = response.content.decode()
        assert "<form" not in text
        assert "<button" not in text
        assert "'unsafe-inline'" not in response["Content-Security-Policy"].partition("style-src")[0]
