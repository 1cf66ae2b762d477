"""`/lti/course/register`: dynamic registration with a learning platform, confirmed by staff."""

import json
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client

from lti.claims import PLATFORM_CONFIGURATION, TOOL_CONFIGURATION
from lti.models import LearningPlatform
from roster.models import User
from tests.lti.tool.lms import Asked, Lms, Reply
from tests.lti.tools import make_tool

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PAGE = "/lti/course/register"
CONFIGURATION = "/.well-known/openid-configuration"


@pytest.fixture
def staff() -> Client:
    """A browser in which somebody is signed in who may register."""
    person = User.objects.create_user("root", first_name="Ruth", is_staff=True)
    person.user_permissions.add(Permission.objects.get(codename="add_learningplatform"))
    browser = Client()
    browser.force_login(person)
    return browser


def offers(lms: Lms, **changes: Any) -> dict[str, str]:
    """What an LMS opens the page with; `changes` to its configuration."""
    lms.replies[CONFIGURATION] = Reply(
        {
            "issuer": lms.url,
            "authorization_endpoint": f"{lms.url}/auth",
            "token_endpoint": f"{lms.url}/token",
            "jwks_uri": f"{lms.url}/keys",
            "registration_endpoint": f"{lms.url}/register",
            PLATFORM_CONFIGURATION: {"product_family_code": "moodle"},
            **changes,
        }
    )
    lms.replies.setdefault("/register", Reply({"client_id": "c-1", TOOL_CONFIGURATION: {"deployment_id": "7"}}, 201))
    return {"openid_configuration": lms.url + CONFIGURATION, "registration_token": "token-9"}


def posts(lms: Lms) -> list[Asked]:
    """What the LMS was told."""
    return [asked for asked in lms.asked if asked.method == "POST"]


def host(lms: Lms) -> str:
    return lms.url.removeprefix("http://")


def assert_refused(response: Any, status: int, words: str) -> None:
    text = response.content.decode()
    assert response.status_code == status, text
    assert words in text
    assert not LearningPlatform.objects.exists()


def test_the_page_asks_for_a_confirmation_and_fetches_nothing(lms: Lms, staff: Client) -> None:
    response = staff.get(PAGE, offers(lms))

    text = response.content.decode()
    assert f"<h1>Register with {host(lms)}</h1>" in text
    assert 'value="token-9"' in text
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["Cache-Control"] == "no-store"
    assert lms.asked == []


def test_a_confirmed_registration_is_active_with_its_deployment(lms: Lms, staff: Client) -> None:
    tool = make_tool()

    response = staff.post(PAGE, {**offers(lms), "tool": str(tool.pk)})

    assert response.status_code == 200
    platform = LearningPlatform.objects.get()
    assert (platform.name, platform.issuer, platform.client_id, platform.status, platform.tool) == (
        f"moodle at {host(lms)}",
        lms.url,
        "c-1",
        "active",
        tool,
    )
    assert (platform.authorization_url, platform.token_url, platform.key_set_url, platform.token_audience) == (
        f"{lms.url}/auth",
        f"{lms.url}/token",
        f"{lms.url}/keys",
        "",
    )
    deployment = platform.deployments.get()
    assert (deployment.deployment_id, deployment.status) == ("7", "active")
    assert "lti/close.js" in response.content.decode()
    assert response["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert LogEntry.objects.get().change_message == "Registered dynamically."


def test_the_platform_is_shown_what_this_server_is(lms: Lms, staff: Client) -> None:
    staff.post(PAGE, offers(lms))

    [asked] = posts(lms)
    launch_url = "https://testserver/lti/course/launch"
    assert asked.headers["Authorization"] == "Bearer token-9"
    assert asked.headers["Content-Type"] == "application/json"
    assert json.loads(asked.body) == {
        "application_type": "web",
        "client_name": "Campus Roster",
        "grant_types": ["implicit", "client_credentials"],
        "response_types": ["id_token"],
        "initiate_login_uri": "https://testserver/lti/course/login",
        "redirect_uris": [launch_url],
        "jwks_uri": "https://testserver/lti/jwks",
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
        TOOL_CONFIGURATION: {
            "domain": "testserver",
            "description": "Reads the rosters of courses for campus organizations and their tools.",
            "target_link_uri": launch_url,
            "claims": ["iss", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture"],
            "messages": [
                {"type": "LtiResourceLinkRequest", "target_link_uri": launch_url, "label": "Campus Roster"},
                {"type": "LtiDeepLinkingRequest", "target_link_uri": launch_url, "label": "Campus Roster"},
            ],
        },
    }


def test_a_platform_without_a_token_or_a_deployment(lms: Lms, staff: Client) -> None:
    lms.replies["/register"] = Reply({"client_id": "c-1"})

    staff.post(PAGE, {**offers(lms), "registration_token": ""})

    assert "Authorization" not in lms.asked[-1].headers
    assert not LearningPlatform.objects.get().deployments.exists()


@pytest.mark.parametrize("message", [{"client_id": "c-1 "}, {TOOL_CONFIGURATION: {"deployment_id": "7\u00a0"}}])
def test_ids_that_cannot_be_kept_are_refused(lms: Lms, staff: Client, message: dict[str, Any]) -> None:
    lms.replies["/register"] = Reply({"client_id": "c-1", **message}, 201)

    response = staff.post(PAGE, offers(lms))

    assert_refused(response, 502, "registration cannot be stored: Spaces before or after it are not allowed.")
    assert not LearningPlatform.objects.exists()


@pytest.mark.parametrize(
    "id_of_an_lms",
    ["10000000000001", "Qh3zOvXpTZ1eN2d", "1", "1:8865aa05b4b79b64a91a86042e43af5ea8ae79eb",
     "b5cb6ab1-72ba-4f6f-9ff6-9f5a4f8e3c41", "https://lms.example.edu/d/1", "client one"],
)  # fmt: skip
def test_ids_as_lmss_give_them_are_kept(lms: Lms, staff: Client, id_of_an_lms: str) -> None:
    message = {"client_id": id_of_an_lms, TOOL_CONFIGURATION: {"deployment_id": id_of_an_lms}}
    lms.replies["/register"] = Reply(message, 201)

    staff.post(PAGE, offers(lms))

    platform = LearningPlatform.objects.get()
    assert (platform.client_id, platform.deployments.get().deployment_id) == (id_of_an_lms, id_of_an_lms)


def test_an_authorization_server_of_its_own_is_the_audience(lms: Lms, staff: Client) -> None:
    staff.post(PAGE, offers(lms, authorization_server="https://auth.example.com"))

    assert LearningPlatform.objects.get().token_audience == "https://auth.example.com"


# Who may


def test_nobody_is_sent_to_sign_in(lms: Lms) -> None:
    response = Client().get(PAGE, offers(lms), headers={"Sec-Fetch-Dest": "document"})

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=%2Flti%2Fcourse%2Fregister%3Fopenid_configuration")
    assert lms.asked == []


def test_inside_of_a_frame_there_is_a_way_out_of_it(lms: Lms) -> None:
    response = Client().get(PAGE, offers(lms), headers={"Sec-Fetch-Dest": "iframe"})

    text = response.content.decode()
    assert response.status_code == 200
    assert 'target="_blank" rel="opener"' in text
    assert "registration_token=token-9" in text
    assert "lti/pass_on.js" in text


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}])
def test_people_without_the_permission_are_refused(lms: Lms, fields: dict[str, Any]) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("ben", **fields))

    for response in (browser.get(PAGE, offers(lms)), browser.post(PAGE, offers(lms))):
        assert_refused(response, 403, "You may not register this server")
    assert lms.asked == []


def test_a_registration_needs_the_page_before_it(lms: Lms, staff: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = staff.cookies

    assert strict.post(PAGE, offers(lms)).status_code == 403
    assert lms.asked == []


# Which platforms


@pytest.mark.parametrize(
    "url",
    [
        "",
        "lms.example.com",
        "ftp://lms.example.com/x",
        "file:///etc/passwd",
        "http://lms.example.com/x",
        "http://169.254.169.254/latest",
        "https://user:pw@lms.example.com/x",
        "https://lms.example.com/#x",
        "https://lms\0.example.com/x",
        "https://lms.example.com/\u200b",
    ],
)
def test_an_address_that_is_not_opened(staff: Client, url: str) -> None:
    asked = {"openid_configuration": url, "registration_token": "t"}

    assert_refused(staff.get(PAGE, asked), 400, "openid_configuration: ")
    assert_refused(staff.post(PAGE, asked), 400, "openid_configuration: ")


def test_who_opens_the_address_by_hand_is_shown_what_it_is_for(staff: Client) -> None:
    assert_refused(staff.get(PAGE), 400, "A learning platform opens this address itself")


def test_a_real_site_opens_no_plain_http(lms: Lms, staff: Client, settings: Any) -> None:
    settings.HTTPS = True

    assert_refused(staff.post(PAGE, offers(lms)), 400, "does not begin with https://.")
    assert lms.asked == []


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"issuer": "https://other.example.com"}, "speaks for an issuer of another host"),
        ({"issuer": None}, "issuer of the OpenID configuration"),
        ({"jwks_uri": "https://lms.example.com/\0"}, "jwks_uri of the OpenID configuration"),
        ({"token_endpoint": "http://lms.example.com/token"}, "token_endpoint of the OpenID configuration"),
        ({"jwks_uri": ["x"]}, "jwks_uri of the OpenID configuration"),
        ({"registration_endpoint": "file:///etc/passwd"}, "registration_endpoint of the OpenID configuration"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "authorization_endpoint of the OpenID configuration"),
    ],
)
def test_a_configuration_that_is_not_right(lms: Lms, staff: Client, changes: dict[str, Any], words: str) -> None:
    assert_refused(staff.post(PAGE, offers(lms, **changes)), 502, words)
    assert lms.paths() == [CONFIGURATION]


@pytest.mark.parametrize(
    "reply, words",
    [
        (Reply(status=404), "no OpenID configuration at this address (status 404)"),
        (Reply(status=302, headers={"Location": "/elsewhere"}), "no OpenID configuration at this address (status 302)"),
        (Reply(b"<html>"), "is not JSON"),
        (Reply([]), "is no OpenID configuration"),
    ],
)
def test_an_address_without_a_configuration(lms: Lms, staff: Client, reply: Reply, words: str) -> None:
    asked = offers(lms)
    lms.replies[CONFIGURATION] = reply

    assert_refused(staff.post(PAGE, asked), 502, words)
    assert lms.paths() == [CONFIGURATION]


@pytest.mark.parametrize(
    "reply, words",
    [
        (Reply({"error": "invalid_token"}, 401), "did not register this server (status 401)"),
        (Reply(status=302, headers={"Location": "/elsewhere"}), "did not register this server (status 302)"),
        (Reply({}), "did not register this server (status 200)"),
        (Reply({"client_id": 7}), "did not register this server (status 200)"),
        (Reply({"client_id": " \t "}), "registration cannot be stored"),
        (Reply(b"<html>"), "is not JSON"),
    ],
)
def test_a_platform_that_does_not_register(lms: Lms, staff: Client, reply: Reply, words: str) -> None:
    lms.replies["/register"] = reply

    assert_refused(staff.post(PAGE, offers(lms)), 502, words)


def test_a_tool_that_is_not_active_is_no_choice(lms: Lms, staff: Client) -> None:
    tool = make_tool(status="disabled")

    assert_refused(staff.post(PAGE, {**offers(lms), "tool": str(tool.pk)}), 400, "tool: ")
