"""A launch belongs to a login that was begun in the same browser, lately, and is good once."""

import time

import pytest
from django.test import Client

from lti.models import CourseLaunch, UsedNonce
from tests.lti.tool.launching import NOT_BEGUN, assert_refused, launch_claims, login, post, sent_to, signed
from tests.lti.tool.lms import Lms

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("deployment")]


NOW = int(time.time())


def test_an_id_token_is_good_once(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    cookie = browser.cookies[f"lti-{asked['state']}"].value
    token = signed(launch_claims(lms, asked))
    assert post(browser, token, asked["state"]).status_code == 302
    browser.cookies[f"lti-{asked['state']}"] = cookie  # a browser that does not forget

    response = post(browser, token, asked["state"])

    assert response.status_code == 401
    assert NOT_BEGUN in response.content.decode()
    assert CourseLaunch.objects.count() == 1


def test_a_refused_launch_uses_nothing_up(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    assert post(browser, signed(launch_claims(lms, asked, exp=NOW - 100)), asked["state"]).status_code == 401
    assert not UsedNonce.objects.exists()

    assert post(browser, signed(launch_claims(lms, asked)), asked["state"]).status_code == 302


def test_another_browser_cannot_use_a_login(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    other = Client()
    login(other, lms)

    assert_refused(post(other, signed(launch_claims(lms, asked)), asked["state"]), 401, NOT_BEGUN)


def test_a_state_goes_with_its_own_nonce(lms: Lms, browser: Client) -> None:
    first, second = (sent_to(login(browser, lms)) for _ in range(2))

    assert_refused(post(browser, signed(launch_claims(lms, first)), second["state"]), 401, NOT_BEGUN)


def test_a_login_with_one_platform_is_not_one_with_another(lms: Lms, browser: Client) -> None:
    lms.platform(client_id="other")
    asked = sent_to(login(browser, lms))

    assert_refused(post(browser, signed(launch_claims(lms, asked, aud="other")), asked["state"]), 401, NOT_BEGUN)


@pytest.mark.parametrize("state", ["", "x", "state-", "../etc", "a\0b", "x" * 100, "sessionid", "é"])
def test_a_state_that_was_made_up(lms: Lms, browser: Client, state: str) -> None:
    asked = sent_to(login(browser, lms))

    assert_refused(post(browser, signed(launch_claims(lms, asked)), state), 401, NOT_BEGUN)


def test_a_cookie_that_was_made_up(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    browser.cookies[f"lti-{asked['state']}"] = asked["state"]

    assert_refused(post(browser, signed(launch_claims(lms, asked)), asked["state"]), 401, NOT_BEGUN)


def test_a_cookie_under_another_name(lms: Lms, browser: Client) -> None:
    asked = sent_to(login(browser, lms))
    browser.cookies["lti-state-1"] = browser.cookies[f"lti-{asked['state']}"].value

    assert_refused(post(browser, signed(launch_claims(lms, asked)), "state-1"), 401, NOT_BEGUN)


def test_a_login_of_long_ago(lms: Lms, browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        then = time.time() - 601
        earlier.setattr(time, "time", lambda: then)
        asked = sent_to(login(browser, lms))

    assert_refused(post(browser, signed(launch_claims(lms, asked)), asked["state"]), 401, NOT_BEGUN)
