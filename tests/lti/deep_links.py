"""Deep linking for the tests: staff let a tool choose, and the tool answers with content items."""

import time
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.contrib.auth.models import Permission
from django.test import Client
from joserfc import jwt

from lti.claims import CLAIM, DEEP_LINKING_CLAIM
from lti.models import Deployment, Tool
from organizations.models import Organization
from roster.models import User
from tests.client import new_client
from tests.lti.launches import asked_by, claims, posted
from tests.lti.tools import private_key

SETTINGS = f"{DEEP_LINKING_CLAIM}deep_linking_settings"
ITEMS = f"{DEEP_LINKING_CLAIM}content_items"
DATA = f"{DEEP_LINKING_CLAIM}data"
RETURN = "/lti/deep-linking/return"
POLL_ITEM = {
    "type": "ltiResourceLink",
    "title": "Poll of May",
    "url": "https://poll.example.org/polls/5",
    "custom": {"poll": "5", "person": "$Person.name.full"},
}


def may_add_links(user: User) -> User:
    """Staff who may add resource links."""
    user.is_staff = True
    user.save()
    permissions = ("add_resourcelink", "ask_as_staff")
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    staff: User = User.objects.get(pk=user.pk)  # without the permissions that were read before
    return staff


def signed_in(user: User) -> Client:
    browser = new_client()
    browser.force_login(user)
    return browser


def begin(browser: Client, organization: Organization, deployment: Deployment) -> dict[str, str]:
    """Press the button; what the tool's login URL is told."""
    form = {"deployment": deployment.deployment_id}
    response = browser.post(f"/lti/organizations/{organization.pk}/deep-linking", form)
    assert response.status_code == 302, response.content
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def authorized(browser: Client, hints: dict[str, str], **changes: Any) -> dict[str, str]:
    """What the tool is posted then."""
    redirect = {"redirect_uri": "https://poll.example.org/launch"}
    return posted(browser.get("/lti/authorize", asked_by(hints, **{**redirect, **changes})))[1]


def requested(user: User, organization: Organization, deployment: Deployment) -> dict[str, Any]:
    """The claims of a deep linking request that somebody began."""
    browser = signed_in(user)
    return claims(authorized(browser, begin(browser, organization, deployment)))


def answer_to(request: dict[str, Any], *items: Any, **changes: Any) -> dict[str, Any]:
    """Good claims of a response to a request; a change to None leaves a claim out."""
    now = int(time.time())
    message = {
        "iss": request["aud"],
        "aud": [request["iss"]],
        "iat": now - 2,
        "exp": now + 300,
        "nonce": f"nonce-{time.monotonic_ns()}",
        f"{CLAIM}deployment_id": request[f"{CLAIM}deployment_id"],
        f"{CLAIM}message_type": "LtiDeepLinkingResponse",
        f"{CLAIM}version": "1.3.0",
        ITEMS: list(items),
        DATA: request[SETTINGS]["data"],
        **changes,
    }
    return {name: value for name, value in message.items() if value is not None}


def signed(message: dict[str, Any], *, kid: str = "poll-1", **header: Any) -> str:
    key = private_key(kid)
    return jwt.encode({"alg": "RS256", "kid": kid, **header}, message, key, algorithms=["RS256"])


def send(text: str) -> Any:
    """Post a response as the tool's page does: from another site, without a cookie."""
    return Client(enforce_csrf_checks=True).post(RETURN, {"JWT": text})


def choosing_tool(tool: Tool) -> Tool:
    tool.supports_deep_linking = True
    tool.save()
    return tool
