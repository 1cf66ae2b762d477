"""Launches for the tests, as far as the id_token."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from lti.models import Deployment, Launch, ResourceLink
from organizations.models import Organization
from roster.models import User
from tests.client import new_client


def click(browser: Client, organization: Organization, deployment: Deployment, **form: str) -> dict[str, str]:
    """Open a tool; what its login URL is told."""
    form = {"deployment": deployment.deployment_id, **form}
    response = browser.post(f"/lti/organizations/{organization.pk}/launch", form)
    return dict(parse_qsl(urlsplit(response["Location"]).query))


def asked_by(hints: dict[str, str], **changes: Any) -> dict[str, Any]:
    """What a tool asks the authorization endpoint after it was told these hints; None leaves a parameter out."""
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": hints["client_id"],
        "redirect_uri": hints["target_link_uri"],
        "login_hint": hints["login_hint"],
        "lti_message_hint": hints["lti_message_hint"],
        "nonce": "n-0S6_WzA2Mj",
        "state": "af0ifjsldkj",
        **changes,
    }
    return {name: value for name, value in asked.items() if value is not None}


def posted(response: Any) -> tuple[str, dict[str, str]]:
    """Where a page posts to by itself, and what."""
    text = response.content.decode()
    url = re.search(r'<form method="post" action="([^"]*)"', text)
    assert url, text
    fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', text)
    return html.unescape(url[1]), {name: html.unescape(value) for name, value in fields}


def launched(link: ResourceLink, user_id: int, *, is_complete: bool = True) -> Launch:
    """A launch of somebody from a link, whose tool got its id_token unless it waits for it."""
    made: Launch = Launch.objects.create(
        resource_link=link, user_id=user_id, completed_at=timezone.now() if is_complete else None
    )
    return made


def launch(user: User, organization: Organization, deployment: Deployment, **changes: Any) -> dict[str, str]:
    """What a tool is posted after somebody opened it."""
    browser = new_client()
    browser.force_login(user)
    hints = click(browser, organization, deployment)
    return posted(browser.get("/lti/authorize", asked_by(hints, **changes)))[1]


def claims(fields: dict[str, str]) -> dict[str, Any]:
    """The claims of a posted id_token, its signature checked with the published keys."""
    keys = KeySet.import_key_set(new_client().get("/lti/jwks").json())
    return jwt.decode(fields["id_token"], keys, algorithms=["RS256"]).claims
