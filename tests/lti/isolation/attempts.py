"""Every way to show what one side holds where another side's is: who may do it, and what it tells then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.test import override_settings
from django.utils import timezone

from lti.claims import DEPLOYMENT_ID
from lti.models import Launch, Tool
from lti.nrps import page_tokens
from lti.nrps.page_tokens import PageToken
from tests import client
from tests.client import Answer, new_client
from tests.lti.deep_links import POLL_ITEM, answer_to, may_add_links, requested, send, signed
from tests.lti.isolation.tenants import Tenant
from tests.lti.ltik.ltik_api import request_with_ltik, request_with_service_key
from tests.lti.tools import ask


@dataclass(frozen=True)
class Attempt:
    """One combination of a credential of mine and a target of theirs, or the other way round."""

    try_it: Callable[[Tenant, Tenant], Answer]
    opens: Callable[[Tenant, Tenant], bool]
    """Is it good? Then it tells my tool of their organization."""


def same_side(mine: Tenant, theirs: Tenant) -> bool:
    return same_tool(mine, theirs) and mine.organization == theirs.organization


def same_tool(mine: Tenant, theirs: Tenant) -> bool:
    return mine.tool == theirs.tool


def is_used_there(mine: Tenant, theirs: Tenant) -> bool:
    return theirs.organization in mine.covered


def never(mine: Tenant, theirs: Tenant) -> bool:
    return False


def on_my_path(mine: Tenant, url: str) -> str:
    """The same place, asked for in my organization."""
    return f"{mine.path}?{url.partition('?')[2]}"


def on_my_address(mine: Tenant, url: str) -> str:
    return f"https://testserver{on_my_path(mine, url)}"


def forged(mine: Tenant, rlid: str) -> str:
    """The best link that could be forged: sealed for me, with a resource link of theirs in it."""
    return page_tokens.url(PageToken(begun=1, after=0, rlid=rlid), mine.tool, mine.context)


def post_launch(key: str, organization: Tenant, link: Tenant | None = None) -> Answer:
    """Launch for the person of a side."""
    body: dict[str, Any] = {"userId": organization.launch.user_id, "organizationId": organization.organization.pk}
    if link:
        body["resourceLinkId"] = link.rlid
    headers = {"Authorization": f"Bearer {key}"}
    response = new_client().post("/api/launches", body, content_type="application/json", headers=headers)
    return Answer(response.status_code, response.headers, response.json())


def authorize(mine: Tenant, theirs: Tenant) -> Answer:
    """Ask, as my tool, for the id_token of a launch of theirs, in the browser of its person."""
    launch = Launch.objects.create(resource_link=theirs.link, user=theirs.launch.user)
    browser = new_client()
    browser.force_login(theirs.launch.user)
    asked = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": mine.tool.client_id,
        "redirect_uri": mine.tool.redirect_urls[0],
        "login_hint": mine.tool.subject_of(theirs.launch.user_id),
        "lti_message_hint": str(launch.uuid),
        "nonce": "n",
        "state": str(timezone.now()),
    }
    response = browser.get("/lti/authorize", asked)
    text = response.content.decode()
    return Answer(200 if 'name="id_token"' in text else 400, response.headers, text)


def with_ltik_in_query(key: str, ltik: str) -> Answer:
    with override_settings(LTIK_IN_QUERY=True):
        return client.ask(key, "/api/memberships", ltik=ltik)


def return_link(mine: Tenant, theirs: Tenant, **changes: Any) -> Answer:
    """Answer, as my tool, a deep linking request that the person of another side began in its organization."""
    Tool.objects.update(supports_deep_linking=True)
    request = requested(may_add_links(theirs.launch.user), theirs.organization, theirs.link.deployment)
    response = send(signed(answer_to(request, POLL_ITEM, iss=mine.tool.client_id, **changes)))
    return Answer(response.status_code, response.headers, response.content.decode())


def return_link_for_mine(mine: Tenant, theirs: Tenant) -> Answer:
    """The same, for the deployment of my tool."""
    return return_link(mine, theirs, **{DEPLOYMENT_ID: mine.link.deployment.deployment_id})


WAYS = {
    # An access token at Names and Roles
    "token at a context": Attempt(lambda mine, theirs: ask(mine.access_token, theirs.path), is_used_there),
    "token with a next link": Attempt(lambda mine, theirs: ask(mine.access_token, theirs.urls["next"]), same_tool),
    "token with a differences link": Attempt(
        lambda mine, theirs: ask(mine.access_token, theirs.urls["differences"]), same_tool
    ),
    "token with a next link of the door": Attempt(
        lambda mine, theirs: ask(mine.access_token, theirs.urls_at_the_door["next"]), same_tool
    ),
    "next link moved to my context": Attempt(
        lambda mine, theirs: ask(mine.access_token, on_my_path(mine, theirs.urls["next"])), same_side
    ),
    "differences link moved to my context": Attempt(
        lambda mine, theirs: ask(mine.access_token, on_my_path(mine, theirs.urls["differences"])), same_side
    ),
    "rlid in its context": Attempt(
        lambda mine, theirs: ask(mine.access_token, theirs.path, rlid=theirs.rlid), same_tool
    ),
    "rlid in my context": Attempt(lambda mine, theirs: ask(mine.access_token, mine.path, rlid=theirs.rlid), same_side),
    "rlid in a forged link": Attempt(lambda mine, theirs: ask(mine.access_token, forged(mine, theirs.rlid)), same_side),
    # An ltik and a key at the door
    "ltik with another's key": Attempt(lambda mine, theirs: request_with_ltik(theirs.ltik, mine.key), same_tool),
    "ltik with another's key for the idtoken": Attempt(
        lambda mine, theirs: request_with_ltik(theirs.ltik, mine.key, "/api/idtoken"), same_tool
    ),
    "url of a next page": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=theirs.urls_at_the_door["next"]), same_side
    ),
    "url of differences": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=theirs.urls_at_the_door["differences"]),
        same_side,
    ),
    "url of Names and Roles": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=theirs.urls["next"]), same_side
    ),
    "url moved to my context": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=on_my_address(mine, theirs.urls["next"])),
        same_side,
    ),
    "url with a forged rlid": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=forged(mine, theirs.rlid)), same_side
    ),
    "context as a url": Attempt(
        lambda mine, theirs: request_with_ltik(mine.ltik, mine.key, url=on_my_address(theirs, "")), never
    ),
    "idtoken, raw, with another's key": Attempt(
        lambda mine, theirs: request_with_ltik(theirs.ltik, mine.key, "/api/idtoken", raw="true"), same_tool
    ),
    # A service key and an API key
    "service key with another's key": Attempt(
        lambda mine, theirs: request_with_service_key(theirs.service_key, mine.key), same_tool
    ),
    "service key with a url of a next page": Attempt(
        lambda mine, theirs: request_with_service_key(mine.service_key, mine.key, url=theirs.urls_at_the_door["next"]),
        same_side,
    ),
    "service key with a url of differences": Attempt(
        lambda mine, theirs: request_with_service_key(mine.service_key, mine.key, url=theirs.urls["differences"]),
        same_side,
    ),
    "service key with a url encoded twice": Attempt(
        lambda mine, theirs: request_with_service_key(
            mine.service_key, mine.key, url=quote(theirs.urls["next"], safe="")
        ),
        same_side,
    ),
    "service key with a url moved to my context": Attempt(
        lambda mine, theirs: request_with_service_key(
            mine.service_key, mine.key, url=on_my_address(mine, theirs.urls["next"])
        ),
        same_side,
    ),
    "service key with a forged rlid": Attempt(
        lambda mine, theirs: request_with_service_key(mine.service_key, mine.key, url=forged(mine, theirs.rlid)),
        same_side,
    ),
    "service key for the idtoken": Attempt(
        lambda mine, theirs: request_with_service_key(theirs.service_key, mine.key, "/api/idtoken"), never
    ),
    # A key that may launch
    "launch in an organization": Attempt(lambda mine, theirs: post_launch(mine.key, theirs), is_used_there),
    "launch from a link in its organization": Attempt(
        lambda mine, theirs: post_launch(mine.key, theirs, theirs), same_tool
    ),
    "launch from a link in my organization": Attempt(
        lambda mine, theirs: post_launch(mine.key, mine, theirs), same_side
    ),
    "id_token of a launch": Attempt(authorize, same_tool),
    "response to a deep linking request": Attempt(return_link, same_tool),
    "response to a deep linking request, for my deployment": Attempt(return_link_for_mine, same_tool),
    # One kind of credential in the place of another
    "ltik as an access token": Attempt(lambda mine, theirs: ask(mine.ltik, theirs.path), never),
    "key as an access token": Attempt(lambda mine, theirs: ask(mine.key, theirs.path), never),
    "token as a key": Attempt(lambda mine, theirs: request_with_ltik(theirs.ltik, mine.access_token), never),
    "ltik as a key": Attempt(lambda mine, theirs: request_with_ltik(theirs.ltik, mine.ltik), never),
    "key as an ltik": Attempt(lambda mine, theirs: request_with_ltik(theirs.key, mine.key), never),
    "token as an ltik": Attempt(lambda mine, theirs: request_with_ltik(theirs.access_token, mine.key), never),
    "service key as an ltik": Attempt(lambda mine, theirs: request_with_ltik(theirs.service_key, mine.key), never),
    "service key as a key": Attempt(lambda mine, theirs: request_with_ltik(theirs.ltik, mine.service_key), never),
    "service key as an access token": Attempt(lambda mine, theirs: ask(mine.service_key, theirs.path), never),
    "ltik as a service key": Attempt(lambda mine, theirs: request_with_service_key(theirs.ltik, mine.key), never),
    "token as a service key": Attempt(
        lambda mine, theirs: request_with_service_key(theirs.access_token, mine.key), never
    ),
    "service key that launches": Attempt(lambda mine, theirs: post_launch(mine.service_key, theirs), never),
    "service key at the roster API": Attempt(
        lambda mine, theirs: client.ask(mine.service_key, "/api/memberships", organizationId=theirs.organization.pk),
        never,
    ),
    "ltik in the URL": Attempt(lambda mine, theirs: client.ask(mine.key, "/api/memberships", ltik=theirs.ltik), never),
    "ltik in the URL where that is allowed": Attempt(
        lambda mine, theirs: with_ltik_in_query(mine.key, theirs.ltik), same_tool
    ),
    "token at the roster API": Attempt(
        lambda mine, theirs: client.ask(mine.access_token, "/api/memberships", organizationId=theirs.organization.pk),
        never,
    ),
    "ltik at the roster API": Attempt(
        lambda mine, theirs: client.ask(mine.ltik, "/api/memberships", organizationId=theirs.organization.pk), never
    ),
    "token that launches": Attempt(lambda mine, theirs: post_launch(mine.access_token, theirs), never),
    "ltik that launches": Attempt(lambda mine, theirs: post_launch(mine.ltik, theirs), never),
}
