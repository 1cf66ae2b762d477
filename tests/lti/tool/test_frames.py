"""Launches in a frame of a learning platform: the cookie, the platform's storage, and the link to a new window."""

import html
import re
import secrets
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client

from lti.models import CourseLaunch, LearningPlatform
from lti.tool.login_state import LoginState
from tests.lti.tool.launching import (
    IN_WINDOW,
    NOT_BEGUN,
    assert_refused,
    launch_claims,
    login,
    post,
    publish_keys,
    sent_to,
    signed,
)
from tests.lti.tool.lms import Lms

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("deployment")]

FRAMED = {"Sec-Fetch-Dest": "iframe"}
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


def login_in_frame(browser: Client, lms: Lms, *, headers: Any = FRAMED, **changes: Any) -> Any:
    """The redirect of a login in a frame to the page that looks for the cookie."""
    asked = {"iss": lms.url, "login_hint": "7", "client_id": "campus-roster", "lti_message_hint": "hint-1", **changes}
    return browser.get("/lti/course/login", asked, headers=headers)


def continued(browser: Client, lms: Lms, *, cookie: bool, **changes: Any) -> Any:
    """The answer after that redirect, by a browser that stores the cookie or not."""
    location = login_in_frame(browser, lms, **changes)["Location"]
    if not cookie:
        browser.cookies.clear()
    return browser.get(location, headers=FRAMED)


def attributes(response: Any) -> dict[str, str]:
    """The data attributes of the page that asks for the platform's storage."""
    text = response.content.decode()
    return {name: html.unescape(value) for name, value in re.findall(r'data-([a-z]+)="([^"]*)"', text)}


def restart_link(response: Any) -> Any:
    """Where the link to a new window leads."""
    found = re.search(r'<a class="button" href="([^"]*)" target="_blank" rel="noopener">', response.content.decode())
    return html.unescape(found[1]) if found else None


def test_a_browser_that_keeps_the_cookie_goes_on_to_the_platform(lms: Lms, browser: Client) -> None:
    redirect = login_in_frame(browser, lms)
    assert urlsplit(redirect["Location"]).path == "/lti/course/login/continue"

    asked = sent_to(browser.get(redirect["Location"], headers=FRAMED))

    assert asked["lti_message_hint"] == "hint-1"
    publish_keys(lms)
    assert post(browser, signed(launch_claims(lms, asked)), asked["state"]).status_code == 302
    assert CourseLaunch.objects.count() == 1


@pytest.mark.parametrize("headers", [None, {"Sec-Fetch-Dest": "embed"}])
def test_a_browser_that_does_not_name_a_window_may_be_in_a_frame(lms: Lms, browser: Client, headers: Any) -> None:
    """Safari says where a page is shown since 16.4."""
    location = login_in_frame(browser, lms, headers=headers)["Location"]
    assert urlsplit(location).path == "/lti/course/login/continue"

    assert restart_link(Client().get(location))


def test_without_the_cookie_a_link_begins_the_login_in_a_new_window(lms: Lms, browser: Client) -> None:
    page = continued(browser, lms, cookie=False)

    assert page.status_code == 200
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "platform_storage.js" not in page.content.decode()
    window = Client()
    asked = sent_to(window.get(restart_link(page), headers=IN_WINDOW))
    assert (asked["login_hint"], asked["lti_message_hint"], asked["client_id"]) == ("7", "hint-1", "campus-roster")
    publish_keys(lms)
    assert post(window, signed(launch_claims(lms, asked)), asked["state"]).status_code == 302


def test_the_page_of_a_launch_without_its_cookie_has_the_link_too(lms: Lms, browser: Client) -> None:
    asked = sent_to(continued(browser, lms, cookie=True))

    refused = post(Client(), signed(launch_claims(lms, asked)), asked["state"])

    assert_refused(refused, 401, NOT_BEGUN)
    assert sent_to(Client().get(restart_link(refused), headers=IN_WINDOW))["login_hint"] == "7"


def test_a_launch_outside_of_a_frame_has_no_link(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))

    refused = post(Client(), signed(launch_claims(lms, asked)), asked["state"])

    assert_refused(refused, 401, NOT_BEGUN)
    assert restart_link(refused) is None


@pytest.mark.parametrize("target", ["_parent", "lms-storage"])
def test_the_storage_of_the_platform_keeps_the_login(lms: Lms, browser: Client, target: str) -> None:
    kept = attributes(continued(browser, lms, cookie=False, lti_storage_target=target))
    asked = sent_to_url(kept["next"])
    assert (kept["action"], kept["target"], kept["origin"]) == ("put", target, lms.url)
    assert kept["key"] == asked["state"].partition("~")[0]
    publish_keys(lms)
    token = signed(launch_claims(lms, asked))

    page = post(browser, token, asked["state"], lti_storage_target=target)

    assert page.status_code == 200
    assert attributes(page) == {"action": "get", "target": target, "origin": lms.url, "key": kept["key"]}
    form = {"id_token": token, "state": asked["state"], "lti_storage_target": target, "stored": kept["value"]}
    launched = browser.post("/lti/course/launch", form, headers=FROM_HERE)
    assert launched.status_code == 302
    assert CourseLaunch.objects.count() == 1


def test_the_origin_of_the_storage_is_as_browsers_write_it(lms: Lms, browser: Client) -> None:
    LearningPlatform.objects.update(authorization_url="https://LMS.example.com:443/auth")

    kept = attributes(continued(browser, lms, cookie=False, lti_storage_target="_parent"))

    assert kept["origin"] == "https://lms.example.com"


def test_a_launch_that_was_sent_before_is_not_looked_for_in_the_storage(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    name = f"lti-{asked['state']}"
    cookie = browser.cookies[name].value
    id_token = signed(launch_claims(lms, asked))
    publish_keys(lms)
    assert post(browser, id_token, asked["state"], lti_storage_target="_parent").status_code == 302
    browser.cookies[name] = cookie  # of a browser that keeps it

    refused = post(browser, id_token, asked["state"], lti_storage_target="_parent")

    assert (refused.status_code, NOT_BEGUN in refused.content.decode()) == (401, True)
    assert CourseLaunch.objects.count() == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 302),
        ({"Sec-Fetch-Site": "same-site"}, 401),
        ({"Sec-Fetch-Site": "cross-site"}, 401),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://testserver"}, 401),
        ({"Origin": "https://testserver"}, 302),
        ({"Origin": "https://evil.example.com"}, 401),
        ({"Origin": "null"}, 401),
        ({}, 401),
    ],
)
def test_only_a_page_of_this_site_brings_what_the_storage_kept(
    lms: Lms, browser: Client, headers: dict[str, str], status: int
) -> None:
    """Else another site could finish in somebody's browser a login that it began itself."""
    kept = attributes(continued(browser, lms, cookie=False, lti_storage_target="_parent"))
    asked = sent_to_url(kept["next"])
    publish_keys(lms)
    form = {"id_token": signed(launch_claims(lms, asked)), "state": asked["state"], "stored": kept["value"]}

    assert browser.post("/lti/course/launch", form, headers=headers).status_code == status


@pytest.mark.parametrize("stored", ["", "x", "another"])
def test_a_login_that_the_storage_does_not_have(lms: Lms, browser: Client, stored: str) -> None:
    kept = attributes(continued(browser, lms, cookie=False, lti_storage_target="_parent"))
    asked = sent_to_url(kept["next"])
    other = LoginState("state-1", asked["nonce"], LearningPlatform.objects.get().pk)
    publish_keys(lms)
    form = {"id_token": signed(launch_claims(lms, asked)), "state": asked["state"], "lti_storage_target": "_parent"}

    refused = browser.post(
        "/lti/course/launch", {**form, "stored": other.sealed if stored == "another" else stored}, headers=FROM_HERE
    )

    assert_refused(refused, 401, NOT_BEGUN)


@pytest.mark.parametrize("target", ["", "a b", "<script>", "x" * 101, "é"])
def test_a_frame_without_a_usable_name_is_no_storage(lms: Lms, browser: Client, target: str) -> None:
    page = continued(browser, lms, cookie=False, lti_storage_target=target)

    assert attributes(page) == {}
    assert restart_link(page)


@pytest.mark.parametrize("state", ["", "x", "state-1", "state-1~x", "state-1~" + "a" * 50, "\0"])
def test_a_login_that_is_not_from_here_does_not_go_on(lms: Lms, browser: Client, state: str) -> None:
    page = browser.get("/lti/course/login/continue", {"state": state})

    assert_refused(page, 401, NOT_BEGUN)
    assert restart_link(page) is None


def test_hints_that_are_too_long_for_a_url_stay_out_of_the_state(lms: Lms, browser: Client) -> None:
    asked = sent_to(login_in_frame(browser, lms, lti_message_hint=secrets.token_hex(4000)))

    assert "~" not in asked["state"]


def sent_to_url(url: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(url).query))
