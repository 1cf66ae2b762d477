"""`/lti/authorize`: who gets an id_token, and who does not."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lti.models import Deployment, Launch, Tool
from roster.models import User
from tests.lti.launches import asked_by, claims, click, launch, posted
from tests.lti.tools import deploy, make_tool
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


@pytest.fixture
def browser(sample: SampleData) -> Client:
    """Amara's browser."""
    client = Client()
    client.force_login(sample.amara)
    return client


@pytest.fixture
def hints(sample: SampleData, browser: Client, deployment: Deployment) -> dict[str, str]:
    """What the tool was told when Amara opened it from the chess club."""
    return click(browser, sample.chess_club, deployment)


def refusal(browser: Client, asked: dict[str, Any]) -> str:
    """The error that is posted to the tool."""
    url, fields = posted(browser.get("/lti/authorize", asked))
    assert url == "https://poll.example.org/launch"
    assert fields["state"] == "af0ifjsldkj"
    assert "id_token" not in fields
    return fields["error"]


def test_the_browser_posts_an_id_token_to_the_tool(browser: Client, hints: dict[str, str]) -> None:
    response = browser.get("/lti/authorize", asked_by(hints))

    url, fields = posted(response)
    assert (url, set(fields), fields["state"]) == (
        "https://poll.example.org/launch",
        {"id_token", "state", "lti_storage_target"},
        "af0ifjsldkj",
    )
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")


def test_the_page_may_post_to_the_tool_and_load_nothing_from_elsewhere(browser: Client, hints: dict[str, str]) -> None:
    policy = browser.get("/lti/authorize", asked_by(hints))["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "form-action" not in policy


def test_the_nonce_of_the_tool_stands_in_the_id_token(browser: Client, hints: dict[str, str]) -> None:
    _, fields = posted(browser.get("/lti/authorize", asked_by(hints, nonce="once & only")))

    assert claims(fields)["nonce"] == "once & only"


def test_without_a_state_none_is_posted(browser: Client, hints: dict[str, str]) -> None:
    _, fields = posted(browser.get("/lti/authorize", asked_by(hints, state=None)))

    assert set(fields) == {"id_token", "lti_storage_target"}


def test_a_state_is_handed_back_as_text(browser: Client, hints: dict[str, str]) -> None:
    state = '"><script>alert(1)</script>'

    response = browser.get("/lti/authorize", asked_by(hints, state=state))

    assert b"<script>alert" not in response.content
    assert posted(response)[1]["state"] == state


def test_a_request_by_post_is_asked_again_by_get(browser: Client, hints: dict[str, str]) -> None:
    response = browser.post("/lti/authorize", asked_by(hints), follow=True)

    assert response.redirect_chain[0][1] == 303
    assert "id_token" in posted(response)[1]


def test_a_launch_is_answered_once(browser: Client, hints: dict[str, str]) -> None:
    browser.get("/lti/authorize", asked_by(hints))

    assert refusal(browser, asked_by(hints)) == "invalid_request"


@pytest.mark.parametrize(
    "changes, error",
    [
        ({"response_type": "code"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"response_mode": None}, "invalid_request"),
        ({"prompt": None}, "invalid_request"),
        ({"prompt": "login"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"nonce": None}, "invalid_request"),
        ({"nonce": ""}, "invalid_request"),
        ({"login_hint": None}, "login_required"),
        ({"login_hint": "somebody"}, "login_required"),
        ({"lti_message_hint": None}, "invalid_request"),
        ({"lti_message_hint": "x"}, "invalid_request"),
        ({"lti_message_hint": "00000000-0000-0000-0000-000000000000"}, "invalid_request"),
    ],
)
def test_a_request_that_is_not_right_is_refused_to_the_tool(
    browser: Client, hints: dict[str, str], changes: dict[str, Any], error: str
) -> None:
    assert refusal(browser, asked_by(hints, **changes)) == error
    assert Launch.objects.get().completed_at is None


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": None},
        {"client_id": "unknown"},
        {"redirect_uri": None},
        {"redirect_uri": "https://evil.example.org/launch"},
        {"redirect_uri": "https://poll.example.org/launch/"},
        {"redirect_uri": "https://poll.example.org/launch?x=1"},
        {"redirect_uri": "HTTPS://poll.example.org/launch"},
        {"state": "x" * 5000},
        {"nonce": "\x00"},
        {"nonce": ["one", "two"]},
    ],
)
def test_nothing_is_posted_where_nobody_knows_whose_address_it_is(
    browser: Client, hints: dict[str, str], changes: dict[str, Any]
) -> None:
    response = browser.get("/lti/authorize", asked_by(hints, **changes))

    assert response.status_code == 400
    assert b"<form" not in response.content


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_a_tool_that_is_not_active_gets_nothing(browser: Client, hints: dict[str, str], status: str) -> None:
    Tool.objects.update(status=status)

    assert browser.get("/lti/authorize", asked_by(hints)).status_code == 400


def test_somebody_else_at_the_browser_gets_nothing(sample: SampleData, poll: Tool, hints: dict[str, str]) -> None:
    other = Client()
    other.force_login(sample.farid)

    assert refusal(other, asked_by(hints)) == "login_required"
    assert refusal(other, asked_by(hints, login_hint=poll.subject_of(sample.farid.pk))) == "invalid_request"


def test_nobody_at_the_browser_gets_nothing(hints: dict[str, str]) -> None:
    assert refusal(Client(), asked_by(hints)) == "login_required"


def test_somebody_retired_gets_nothing(sample: SampleData, browser: Client, hints: dict[str, str]) -> None:
    User.objects.filter(pk=sample.amara.pk).update(status="inactive")

    assert refusal(browser, asked_by(hints)) == "login_required"


def test_a_launch_of_another_tool_opens_nothing(sample: SampleData, browser: Client, hints: dict[str, str]) -> None:
    forum = make_tool("Forum")
    deploy(forum)

    asked = asked_by(hints, client_id=forum.client_id, login_hint=forum.subject_of(sample.amara.pk))

    assert refusal(browser, asked) == "invalid_request"


@pytest.mark.parametrize("change", ["created_at", "revoked_at"])
def test_a_launch_that_is_old_or_revoked_opens_nothing(browser: Client, hints: dict[str, str], change: str) -> None:
    Launch.objects.update(**{change: timezone.now() - dt.timedelta(minutes=11)})

    assert refusal(browser, asked_by(hints)) == "invalid_request"


def test_a_tool_that_was_taken_out_of_the_organization_meanwhile_gets_nothing(
    browser: Client, hints: dict[str, str], deployment: Deployment
) -> None:
    deployment.is_campus_wide = False
    deployment.save()

    assert refusal(browser, asked_by(hints)) == "invalid_request"


def test_an_organization_that_was_hidden_meanwhile_is_not_opened(
    sample: SampleData, browser: Client, hints: dict[str, str]
) -> None:
    sample.chess_club.directory_visibility = "hidden"
    sample.chess_club.save()

    assert refusal(browser, asked_by(hints)) == "invalid_request"


def test_the_redirect_uri_may_be_any_of_those_registered(
    sample: SampleData, poll: Tool, deployment: Deployment
) -> None:
    poll.redirect_urls = ["https://poll.example.org/launch", "https://poll.example.org/other?x=1"]
    poll.save()

    assert "id_token" in launch(
        sample.amara, sample.chess_club, deployment, redirect_uri="https://poll.example.org/other?x=1"
    )
