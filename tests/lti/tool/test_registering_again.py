"""`/lti/course/register` for a platform that is registered already: an update, and confirmations sent twice."""

import json
import re
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from lti.claims import TOOL_CONFIGURATION
from lti.core import http_client
from lti.models import LearningPlatform, PlatformDeployment, Tool
from roster.models import User
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tool.test_registration import CONFIGURATION, PAGE, offers, posts
from tests.lti.tools import make_tool

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

ANSWER = {"client_id": "c-1", TOOL_CONFIGURATION: {"deployment_id": "7"}}
NOT_HERE = "under the client id c-1, deployment id 7, but the registration cannot be stored: "


def signed_in(*permissions: str, username: str = "root") -> Client:
    """A browser of staff with these permissions."""
    person = User.objects.create_user(username, first_name="Ruth", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def staff() -> Client:
    return signed_in("add_learningplatform", "change_learningplatform", "ask_as_staff")


@pytest.fixture
def tool() -> Tool:
    return make_tool()


@pytest.fixture
def known(lms: Lms, tool: Tool) -> LearningPlatform:
    """A registration made before, with keys and a token."""
    platform = lms.platform(name="Moodle", client_id="c-1", tool=tool)
    platform.deployments.create(deployment_id="7")
    platform.store_jwks({"keys": []}, on=timezone.now())
    platform.store_access_token("token-1", until=timezone.now())
    return platform


def jwt(subject: Any) -> str:
    payload = urlsafe_b64encode(json.dumps({"sub": subject}).encode()).decode().rstrip("=")
    return f"e30.{payload}.x"


def chosen(response: Any) -> str | None:
    """The tool that is selected on the page; None for no tool."""
    found = re.search(r'<option value="([^"]*)" selected>', response.content.decode())
    return found[1] or None if found else None


def words(response: Any) -> str:
    return response.content.decode()  # type: ignore[no-any-return]


def state() -> list[Any]:
    """Everything that a registration may change."""
    return [list(model.objects.order_by("pk").values()) for model in (LearningPlatform, PlatformDeployment, LogEntry)]


# The page


@pytest.mark.parametrize("token", ["", "opaque", jwt("c-1"), jwt("7")])
def test_the_page_selects_the_tool_chosen_before(
    lms: Lms, staff: Client, known: LearningPlatform, tool: Tool, token: str
) -> None:
    response = staff.get(PAGE, {**offers(lms), "registration_token": token})

    assert chosen(response) == str(tool.pk)
    assert "registered there already, as <strong>Moodle</strong>" in words(response)
    assert lms.asked == []


def test_the_page_selects_a_tool_that_is_disabled_now(
    lms: Lms, staff: Client, known: LearningPlatform, tool: Tool
) -> None:
    Tool.objects.update(status="disabled")

    assert chosen(staff.get(PAGE, offers(lms))) == str(tool.pk)
    assert staff.post(PAGE, {**offers(lms), "tool": str(tool.pk)}).status_code == 200
    assert LearningPlatform.objects.get().tool == tool


@pytest.mark.parametrize("token", [jwt("c-2"), jwt("c-1 ")])
def test_the_token_of_another_registration_selects_nothing(
    lms: Lms, staff: Client, known: LearningPlatform, token: str
) -> None:
    response = staff.get(PAGE, {**offers(lms), "registration_token": token})

    assert chosen(response) is None
    assert "registered there already" not in words(response)


NESTED = f"a.{urlsafe_b64encode(b'[' * 2900).decode()}.c"


@pytest.mark.parametrize(
    "token", ["a.b", "a.b.c", "a.é.c", "a.bnVsbA.c", "a.MQ.c", NESTED, jwt(None), jwt(7), jwt(["c-1"])]
)
def test_a_token_that_says_nothing_selects_the_only_registration_there(
    lms: Lms, staff: Client, known: LearningPlatform, tool: Tool, token: str
) -> None:
    asked = {**offers(lms), "registration_token": token}
    assert chosen(staff.get(PAGE, asked)) == str(tool.pk)

    lms.platform(client_id="c-2")
    assert chosen(staff.get(PAGE, asked)) is None


@pytest.mark.parametrize("token", ["é", "a b", "a\tb", "\u200b", NESTED])
def test_a_token_of_any_characters_is_no_failure(lms: Lms, staff: Client, token: str) -> None:
    response = staff.post(PAGE, {**offers(lms), "registration_token": token})

    assert response.status_code in {200, 400, 502}


def test_the_registration_of_another_host_selects_nothing(lms: Lms, staff: Client, tool: Tool) -> None:
    lms.platform(issuer=f"{lms.url}9", client_id="c-1", tool=tool)
    lms.platform(issuer="https://lms.example.com", client_id="c-2", tool=tool)

    assert chosen(staff.get(PAGE, {**offers(lms), "registration_token": jwt("c-1")})) is None


# The update


def test_an_update_changes_what_the_platform_says_and_keeps_the_rest(
    lms: Lms, staff: Client, known: LearningPlatform
) -> None:
    other = make_tool("Quiz", kid="quiz-1")
    asked = offers(lms, jwks_uri=f"{lms.url}/keys2", token_endpoint=f"{lms.url}/token2", authorization_server="a")

    response = staff.post(PAGE, {**asked, "tool": str(other.pk)})

    assert response.status_code == 200
    platform = LearningPlatform.objects.get()
    assert (platform.pk, platform.name, platform.client_id, platform.tool) == (known.pk, "Moodle", "c-1", other)
    assert (platform.key_set_url, platform.token_url) == (f"{lms.url}/keys2", f"{lms.url}/token2")
    assert (platform.jwks, platform.access_token_encrypted, platform.token_audience) == (None, "", "a")
    assert [row.deployment_id for row in platform.deployments.all()] == ["7"]
    assert LogEntry.objects.get().change_message == "Registered again dynamically."
    assert "A launch opens <strong>Quiz</strong>" in words(response)


def test_an_update_without_changes_keeps_keys_and_tokens(lms: Lms, staff: Client, known: LearningPlatform) -> None:
    staff.post(PAGE, {**offers(lms), "tool": str(known.tool_id)})

    platform = LearningPlatform.objects.get()
    assert platform.jwks == {"keys": []}
    assert platform.access_token_encrypted
    assert platform.tool == known.tool


def test_an_update_adds_a_new_deployment(lms: Lms, staff: Client, known: LearningPlatform) -> None:
    known.deployments.update(status="disabled")
    lms.replies["/register"] = Reply({**ANSWER, TOOL_CONFIGURATION: {"deployment_id": "8"}})

    staff.post(PAGE, offers(lms))

    rows = known.deployments.order_by("deployment_id").values_list("deployment_id", "status")
    assert list(rows) == [("7", "disabled"), ("8", "active")]


@pytest.mark.parametrize("status", ["pending", "disabled"])
def test_an_update_activates_nothing(lms: Lms, staff: Client, known: LearningPlatform, status: str) -> None:
    LearningPlatform.objects.update(status=status)

    response = staff.post(PAGE, offers(lms))

    assert LearningPlatform.objects.get().status == status
    assert "It is not active here, as before" in words(response)


def test_another_client_id_is_another_registration(lms: Lms, staff: Client, known: LearningPlatform) -> None:
    lms.replies["/register"] = Reply({**ANSWER, "client_id": "c-2"}, 201)

    staff.post(PAGE, offers(lms))

    assert list(LearningPlatform.objects.order_by("pk").values_list("client_id", "tool")) == [
        ("c-1", known.tool_id),
        ("c-2", None),
    ]


def test_a_host_is_the_same_with_its_default_port_and_in_any_letter_case(
    lms: Lms, staff: Client, tool: Tool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch = http_client.fetch

    def from_lms(method: str, url: str, **sent: Any) -> Any:
        return fetch(method, lms.url + urlsplit(url).path, **sent)

    monkeypatch.setattr(http_client, "fetch", from_lms)
    lms.platform(issuer="https://lms.example.com", client_id="c-1", tool=tool)
    endpoint = "https://LMS.example.com:443/register"
    asked = offers(lms, issuer="https://lms.example.com", registration_endpoint=endpoint)
    asked["openid_configuration"] = f"https://lms.example.com:443{CONFIGURATION}"

    assert chosen(staff.get(PAGE, asked)) == str(tool.pk)
    response = staff.post(PAGE, {**asked, "tool": str(tool.pk)})

    assert response.status_code == 200
    assert LogEntry.objects.get().change_message == "Registered again dynamically."


# Refusals


def test_without_a_token_nothing_is_updated(lms: Lms, staff: Client, known: LearningPlatform) -> None:
    before = state()

    response = staff.post(PAGE, {**offers(lms), "registration_token": ""})

    assert response.status_code == 502
    assert NOT_HERE + "Moodle is registered here already, and no registration token" in words(response)
    assert state() == before


def test_an_endpoint_of_another_host_proves_no_update(lms: Lms, staff: Client, known: LearningPlatform) -> None:
    """Else whoever can place a file at the host of an LMS could take its registration over."""
    before = state()
    lms.replies["/register"] = Reply(ANSWER)
    endpoint = lms.url.replace("127.0.0.1", "localhost") + "/register"

    response = staff.post(PAGE, offers(lms, registration_endpoint=endpoint))

    assert response.status_code == 403
    assert "no registration token of that host proves the update" in words(response)
    assert (posts(lms), state()) == ([], before)


@pytest.mark.parametrize(
    "permissions, reason",
    [
        (["add_learningplatform"], "Moodle is registered here already, and you may not change it."),
        (["add_learningplatform", "change_learningplatform"], "You may not change Moodle: its tool reads SIS ids"),
    ],
)
def test_who_may_not_change_it_is_refused_before_the_platform_is_asked(
    lms: Lms, known: LearningPlatform, permissions: list[str], reason: str
) -> None:
    Tool.objects.update(may_read_sourcedid=True)
    browser = signed_in(*permissions)
    before = state()
    lms.replies["/register"] = Reply(ANSWER)

    response = browser.post(PAGE, offers(lms))

    assert response.status_code == 403
    assert reason in words(response)
    assert (posts(lms), state()) == ([], before)


def test_the_same_where_only_the_answer_says_which_registration_it_is(lms: Lms, known: LearningPlatform) -> None:
    browser = signed_in("add_learningplatform")
    before = state()
    lms.replies["/register"] = lambda asked: Reply(ANSWER) if asked.method == "POST" else Reply(status=405)

    response = browser.post(PAGE, offers(lms))

    assert response.status_code == 502
    assert NOT_HERE + "Moodle is registered here already, and you may not change it." in words(response)
    assert state() == before


# When one step fails


def test_what_cannot_be_stored_is_found_before_the_platform_is_asked(lms: Lms, staff: Client) -> None:
    response = staff.post(PAGE, offers(lms, jwks_uri=f"{lms.url}/{'k' * 500}"))

    assert response.status_code == 502
    assert "configuration cannot be stored: Ensure this value has at most 500" in words(response)
    assert posts(lms) == []


def test_a_failing_database_is_reported_with_what_the_platform_has(
    lms: Lms, staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise DatabaseError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(LearningPlatform, "save", fail)
        response = staff.post(PAGE, offers(lms))

    assert response.status_code == 502
    assert NOT_HERE + "The database failed. Nothing was changed here." in words(response)
    assert "choose to update the tool in the learning platform" in words(response)
    assert state() == [[], [], []]

    assert staff.post(PAGE, offers(lms)).status_code == 200
    assert LearningPlatform.objects.get().client_id == "c-1"


@pytest.mark.parametrize("reply", [Reply(b"<html>"), Reply({}), Reply({"client_id": 7}, 201)])
def test_an_answer_that_says_too_little_is_reported_as_unknown(
    lms: Lms, staff: Client, known: LearningPlatform, reply: Reply
) -> None:
    before = state()
    lms.replies["/register"] = reply

    response = staff.post(PAGE, offers(lms))

    assert response.status_code == 502
    assert "Whether it has registered this server is not known" in words(response)
    assert state() == before


# A confirmation sent twice


def accepts_once(lms: Lms) -> None:
    """Moodle: a token of a new registration is accepted once."""

    def register(asked: Asked) -> Reply:
        is_first = asked.method == "POST" and len(posts(lms)) == 1
        return Reply(ANSWER, 201) if is_first else Reply(b"token_already_used", 401)

    lms.replies["/register"] = register


def test_a_confirmation_sent_twice_succeeds_and_makes_one_row(lms: Lms, staff: Client, tool: Tool) -> None:
    accepts_once(lms)
    staff.post(PAGE, offers(lms))
    after_first = state()

    assert staff.post(PAGE, offers(lms)).status_code == 200
    assert state() == after_first

    assert staff.post(PAGE, {**offers(lms), "tool": str(tool.pk)}).status_code == 200
    assert LearningPlatform.objects.get().tool == tool
    assert len(posts(lms)) == 1


def test_another_tool_at_the_second_time_is_a_change(lms: Lms, tool: Tool) -> None:
    accepts_once(lms)
    browser = signed_in("add_learningplatform")
    browser.post(PAGE, offers(lms))

    response = browser.post(PAGE, {**offers(lms), "tool": str(tool.pk)})

    assert response.status_code == 403
    assert LearningPlatform.objects.get().tool is None


def test_a_registration_deleted_since_is_made_again(lms: Lms, staff: Client) -> None:
    staff.post(PAGE, offers(lms))
    LearningPlatform.objects.get().delete()

    staff.post(PAGE, offers(lms))

    assert LearningPlatform.objects.get().client_id == "c-1"
