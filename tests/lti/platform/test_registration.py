"""`POST /lti/register`: dynamic registration of invited tools."""

import datetime as dt
import json
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lti.claims import NRPS_SCOPE, TOOL_CONFIGURATION
from lti.models import Invitation, Tool
from tests.lti.assertions import ask_token, assertion, refused
from tests.lti.tools import private_key

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

CONFIGURATION = {
    "domain": "poll.example.org",
    "target_link_uri": "https://poll.example.org/open",
    "custom_parameters": {"who": "$Person.name.full"},
    "claims": ["iss", "sub", "name"],
    "messages": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
}
METADATA = {
    "application_type": "web",
    "response_types": ["id_token"],
    "grant_types": ["implicit", "client_credentials"],
    "initiate_login_uri": "https://poll.example.org/login",
    "redirect_uris": ["https://poll.example.org/launch", "https://poll.example.org/open"],
    "client_name": "Poll",
    "jwks_uri": "https://poll.example.org/keys",
    "logo_uri": "https://poll.example.org/logo.png",
    "token_endpoint_auth_method": "private_key_jwt",
    "scope": f"{NRPS_SCOPE} https://purl.imsglobal.org/spec/lti-ags/scope/score",
    TOOL_CONFIGURATION: CONFIGURATION,
}


def invite(**times: Any) -> str:
    return Invitation.create("Poll, by the election board", on=timezone.now(), **times)[1]


def register(token: str | None, metadata: Any = METADATA) -> Any:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    body = metadata if isinstance(metadata, bytes) else orjson.dumps(metadata)
    client = Client(raise_request_exception=False)
    return client.post("/lti/register", body, content_type="application/json", headers=headers)


def test_it_answers_what_was_registered() -> None:
    response = register(invite())

    tool = Tool.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "client_id": tool.client_id,
        "client_name": "Poll",
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["implicit", "client_credentials"],
        "initiate_login_uri": "https://poll.example.org/login",
        "redirect_uris": ["https://poll.example.org/launch", "https://poll.example.org/open"],
        "jwks_uri": "https://poll.example.org/keys",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": NRPS_SCOPE,
        TOOL_CONFIGURATION: {
            "version": "1.3.0",
            "deployment_id": tool.deployments.get().deployment_id,
            "target_link_uri": "https://poll.example.org/open",
            "custom_parameters": {"who": "$Person.name.full"},
            "messages": [{"type": "LtiResourceLinkRequest"}, {"type": "LtiDeepLinkingRequest"}],
            "claims": ["iss", "sub"],
        },
    }


def test_the_tool_waits_for_staff_and_is_shown_nothing() -> None:
    register(invite())

    tool = Tool.objects.get()
    assert (tool.status, tool.audience, tool.disclosure) == ("pending", "public", "none")
    assert (tool.deployments.get().is_campus_wide, tool.deployments.get().organizations.count()) == (False, 0)
    assert tool.api_keys.count() == 0


def test_a_pending_tool_gets_no_token() -> None:
    register(invite(), {**METADATA, "jwks_uri": "", "jwks": {"keys": [private_key().as_dict(private=False)]}})
    tool = Tool.objects.get()

    assert refused(ask_token(assertion(tool))) == (400, "invalid_client")


def test_staff_accept_it_by_activating_it() -> None:
    register(invite(), {**METADATA, "jwks_uri": "", "jwks": {"keys": [private_key().as_dict(private=False)]}})
    tool = Tool.objects.get()
    tool.status = Tool.Status.ACTIVE
    tool.save()

    assert ask_token(assertion(tool)).status_code == 200


def test_without_a_launch_url_the_first_redirect_uri_is_opened() -> None:
    register(invite(), {**METADATA, TOOL_CONFIGURATION: {}})

    assert Tool.objects.get().target_link_url == "https://poll.example.org/launch"


def test_an_invitation_is_good_once() -> None:
    token = invite()

    assert [register(token).status_code for _ in range(2)] == [201, 401]
    assert Tool.objects.count() == 1
    assert Invitation.objects.get().tool == Tool.objects.get()


def test_a_registration_that_was_refused_leaves_the_invitation_good() -> None:
    token = invite()
    register(token, {**METADATA, "redirect_uris": []})

    assert register(token).status_code == 201


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([{"type": "LtiResourceLinkRequest"}], (False, "")),
        (None, (False, "")),
        ("LtiDeepLinkingRequest", (False, "")),
        (["LtiDeepLinkingRequest"], (False, "")),
        ([{"type": "LtiDeepLinkingRequest"}], (True, "")),
        (
            [{"type": "LtiDeepLinkingRequest", "target_link_uri": "https://poll.example.org/choose"}],
            (True, "https://poll.example.org/choose"),
        ),
    ],
)
def test_deep_linking_is_read_from_its_messages(messages: Any, expected: Any) -> None:
    response = register(invite(), {**METADATA, TOOL_CONFIGURATION: {**CONFIGURATION, "messages": messages}})

    tool = Tool.objects.get()
    assert (tool.supports_deep_linking, tool.deep_linking_url) == expected
    url = {"target_link_uri": expected[1]} if expected[1] else {}
    deep_linking = [{"type": "LtiDeepLinkingRequest", **url}] if expected[0] else []
    registered = response.json()[TOOL_CONFIGURATION]["messages"]
    assert registered == [{"type": "LtiResourceLinkRequest"}, *deep_linking]


@pytest.mark.parametrize("url", ["http://poll.example.org/choose", 7])
def test_a_wrong_deep_linking_url_is_refused(url: Any) -> None:
    messages = [{"type": "LtiDeepLinkingRequest", "target_link_uri": url}]

    response = register(invite(), {**METADATA, TOOL_CONFIGURATION: {**CONFIGURATION, "messages": messages}})

    assert response.status_code == 400
    assert "messages.target_link_uri: " in response.json()["error_description"]


@pytest.mark.parametrize("token", [None, "", "nonsense", "ñ", "\x00"])
def test_it_needs_an_invitation(token: str | None) -> None:
    invite()

    response = register(token)

    assert refused(response) == (401, "invalid_token")
    assert response["WWW-Authenticate"] == 'Bearer realm="lti", error="invalid_token"'
    assert not Tool.objects.exists()


def test_an_invitation_expires() -> None:
    assert register(invite(lifetime=dt.timedelta(seconds=-1))).status_code == 401


@pytest.mark.parametrize(
    "changes, word",
    [
        ({"client_name": None}, "client_name"),
        ({"client_name": ""}, "client_name"),
        ({"client_name": "x" * 201}, "client_name"),
        ({"client_name": {"en": "Poll"}}, "client_name"),
        ({"initiate_login_uri": "http://poll.example.org/login"}, "initiate_login_uri"),
        ({"initiate_login_uri": "javascript:alert(1)"}, "initiate_login_uri"),
        ({"initiate_login_uri": 7}, "initiate_login_uri"),
        ({"redirect_uris": []}, "redirect_uris"),
        ({"redirect_uris": "https://poll.example.org/launch"}, "redirect_uris"),
        ({"redirect_uris": ["https://poll.example.org/launch", "http://evil.example.org/"]}, "redirect_uris"),
        ({"redirect_uris": ["https://poll.example.org/launch#x"]}, "redirect_uris"),
        ({"redirect_uris": ["https://poll.example.org/\0"]}, "redirect_uris"),
        ({"jwks_uri": "https://poll.example.org/\0"}, "jwks_uri"),
        ({"jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"jwks_uri": "http://192.0.2.1/keys"}, "jwks_uri"),
        ({"jwks_uri": None}, "jwks_uri"),
        ({"jwks_uri": "", "jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0"}]}}, "jwks"),
        ({"token_endpoint_auth_method": "client_secret_basic"}, "token_endpoint_auth_method"),
        ({"response_types": ["code"]}, "response_types"),
        ({"response_types": 1}, "response_types"),
        ({TOOL_CONFIGURATION: None}, TOOL_CONFIGURATION),
        ({TOOL_CONFIGURATION: {"target_link_uri": "http://evil.example.org"}}, "target_link_uri"),
        ({TOOL_CONFIGURATION: {"custom_parameters": ["x"]}}, "custom_parameters"),
        ({TOOL_CONFIGURATION: {"custom_parameters": {"x": "a\0b"}}}, "custom_parameters"),
        ({TOOL_CONFIGURATION: {"custom_parameters": {"a\0b": "x"}}}, "custom_parameters"),
    ],
)
def test_it_names_what_it_cannot_take(changes: dict[str, Any], word: str) -> None:
    response = register(invite(), {**METADATA, **changes})

    assert refused(response) == (400, "invalid_client_metadata")
    assert word in response.json()["error_description"]
    assert not Tool.objects.exists()


@pytest.mark.parametrize("kid", ["x" * 201, "a\0b", 7])
def test_a_key_id_that_cannot_be_stored_is_refused(kid: Any) -> None:
    jwk = {**private_key().as_dict(private=False), "kid": kid}

    response = register(invite(), {**METADATA, "jwks_uri": "", "jwks": {"keys": [jwk]}})

    assert refused(response) == (400, "invalid_client_metadata")
    assert response.json()["error_description"].startswith("jwks: ")
    assert not Tool.objects.exists()


def test_other_members_of_a_key_are_not_stored() -> None:
    jwk = private_key().as_dict(private=False)
    register(invite(), {**METADATA, "jwks_uri": "", "jwks": {"keys": [{**jwk, "x-note": "a\0b"}]}})

    assert Tool.objects.get().keys.get().public_jwk == jwk


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"\xff", b'"' + b"x" * 70_000 + b'"'])
def test_it_takes_json_objects_only(body: bytes) -> None:
    assert refused(register(invite(), body)) == (400, "invalid_client_metadata")


def test_the_command_invites(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite_lti_tool", "Poll, by the election board")

    values = json.loads(capsys.readouterr().out)
    assert set(values) == {"openid_configuration", "registration_token", "expires"}
    assert values["openid_configuration"] == "https://testserver/.well-known/openid-configuration"
    assert register(values["registration_token"]).status_code == 201
