"""`/lti/course/login`: a learning platform begins a launch."""

from typing import Any

import pytest
from django.test import Client

from tests.lti.tool.launching import IN_WINDOW, login, sent_to
from tests.lti.tool.lms import Lms

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.mark.parametrize("method", ["get", "post"])
def test_it_sends_the_browser_to_the_platform(lms: Lms, method: str) -> None:
    lms.platform()
    hints = {"iss": lms.url, "login_hint": "7", "lti_message_hint": "9", "client_id": "campus-roster"}
    browser = Client(enforce_csrf_checks=True)

    response = getattr(browser, method)("/lti/course/login", hints, headers=IN_WINDOW)

    asked = sent_to(response)
    assert response["Location"].startswith(f"{lms.url}/auth?")
    state, nonce = asked.pop("state"), asked.pop("nonce")
    assert len(state) > 40
    assert len(nonce) > 40
    assert asked == {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": "campus-roster",
        "redirect_uri": "https://testserver/lti/course/launch",
        "login_hint": "7",
        "lti_message_hint": "9",
    }
    assert response["Cache-Control"] == "no-store"
    assert lms.asked == []


def test_an_authorization_url_with_a_query_keeps_it(lms: Lms, browser: Client) -> None:
    lms.platform(authorization_url=f"{lms.url}/auth?school=2")

    response = login(browser, lms)

    assert response["Location"].startswith(f"{lms.url}/auth?school=2&scope=openid&")


def test_a_platform_with_one_registration_need_not_name_it(lms: Lms, browser: Client) -> None:
    lms.platform()

    assert sent_to(login(browser, lms, client_id=None))["client_id"] == "campus-roster"


def test_a_platform_with_two_registrations_names_one(lms: Lms, browser: Client) -> None:
    lms.platform()
    lms.platform(client_id="other")

    refused = login(browser, lms, client_id=None)

    assert sent_to(login(browser, lms, client_id="other"))["client_id"] == "other"
    assert refused.status_code == 400
    assert "client_id is needed" in refused.content.decode()


@pytest.mark.parametrize(
    "changes, status",
    [
        ({"iss": None}, 400),
        ({"iss": ""}, 400),
        ({"iss": "https://other.example.com"}, 403),
        ({"iss": "\0"}, 400),
        ({"iss": "x" * 300}, 400),
        ({"client_id": "other"}, 403),
        ({"client_id": "a\0b"}, 400),
        ({"login_hint": None}, 400),
    ],
)
def test_a_login_that_is_not_understood(lms: Lms, browser: Client, changes: dict[str, Any], status: int) -> None:
    lms.platform()

    response = login(browser, lms, **changes)

    assert response.status_code == status
    assert "<h1>This cannot be opened</h1>" in response.content.decode()
    assert response.cookies == {}


@pytest.mark.parametrize("state", ["pending", "disabled"])
def test_a_platform_that_is_not_active_begins_nothing(lms: Lms, browser: Client, state: str) -> None:
    lms.platform(status=state)

    assert login(browser, lms).status_code == 403


def test_the_cookie_comes_along_inside_of_a_frame_over_https(lms: Lms, browser: Client, settings: Any) -> None:
    settings.HTTPS = True
    lms.platform()

    response = login(browser, lms)

    [cookie] = response.cookies.values()
    assert cookie.key.startswith("__Host-lti-state-")
    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("None; Partitioned", True, True)
    assert (cookie["path"], cookie["domain"], cookie["max-age"]) == ("/", "", 600)


def test_the_cookie_of_a_demo_is_an_ordinary_one(lms: Lms, browser: Client) -> None:
    lms.platform()

    [cookie] = login(browser, lms).cookies.values()

    assert (cookie["samesite"], cookie["secure"], cookie["httponly"]) == ("", "", True)


def test_each_login_has_a_state_and_a_nonce_of_its_own(lms: Lms, browser: Client) -> None:
    lms.platform()

    first, second = (sent_to(login(browser, lms)) for _ in range(2))

    assert first["state"] != second["state"]
    assert first["nonce"] != second["nonce"]
    assert len(browser.cookies) == 2
