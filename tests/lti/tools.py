"""Tools for the tests: made, deployed, and asking for rosters. Their private key is made anew for each run."""

import re
from functools import cache
from typing import Any

import orjson
from django.utils import timezone
from joserfc.jwk import RSAKey

from lti.claims import NRPS_SCOPE
from lti.models import AccessToken, Context, Deployment, Tool, ToolKey
from organizations.models import Organization
from roster import secrets
from tests.client import Answer, new_client

CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
OFFICER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Officer"
CHAIR = "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Chair"
TREASURER = "http://purl.imsglobal.org/vocab/lis/v2/membership/Officer#Treasurer"
MANAGER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Manager"
MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Member"


def private_key(kid: str = "poll-1") -> RSAKey:
    """A private key of a tool."""
    return _private_key(kid)


@cache
def _private_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid}, auto_kid=False)


def make_tool(name: str = "Poll", *, kid: str = "poll-1", **fields: Any) -> Tool:
    """A tool that signs with `private_key(kid)`."""
    usual = {
        "audience": "campus",
        "disclosure": "all",
        "login_url": "https://poll.example.org/login",
        "target_link_url": "https://poll.example.org/launch",
        "redirect_urls": ["https://poll.example.org/launch"],
    }
    tool: Tool = Tool.objects.create(name=name, **{**usual, **fields})
    ToolKey.objects.create(tool=tool, kid=kid, public_jwk=private_key(kid).as_dict(private=False))
    return tool


def deploy(tool: Tool, *organizations: Organization, **fields: Any) -> Deployment:
    """A deployment of a tool in these organizations; with none, on the whole campus."""
    deployment: Deployment = Deployment.objects.create(tool=tool, is_campus_wide=not organizations, **fields)
    deployment.organizations.set(organizations)
    return deployment


def access_token(tool: Tool, scope: str = NRPS_SCOPE) -> str:
    """A good access token of a tool."""
    text = secrets.new_secret()
    AccessToken.issue(tool, text, scope, on=timezone.now())
    return text


def path_of(organization: Organization) -> str:
    """Where an organization's roster is."""
    return f"/lti/contexts/{Context.objects.of(organization).uuid}/memberships"


def ask(token: str | None, url: str, *, method: str = "GET", accept: str = CONTAINER, **parameters: Any) -> Answer:
    """Ask the service at a path or URL, which may carry a query of its own."""
    headers = {"Accept": accept}
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    path, _, query = url.removeprefix("https://testserver").partition("?")
    sent: dict[str, Any] = {"QUERY_STRING": query} if query else {"query_params": parameters}
    response = new_client().generic(method, path, headers=headers, **sent)
    is_json = response.headers.get("Content-Type", "").partition(";")[0].endswith("json")
    body = orjson.loads(response.content) if is_json and response.content else None
    return Answer(response.status_code, response.headers, body)


def roster(tool: Tool, organization: Organization, **parameters: Any) -> Answer:
    """One page of an organization's roster, as a tool gets it."""
    return ask(access_token(tool), path_of(organization), **parameters)


def links(answer: Answer) -> dict[str, str]:
    """The URLs of a Link header by their relation."""
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', answer.headers.get("Link", ""))}


def walk(tool: Tool, url: str, **parameters: Any) -> list[dict[str, Any]]:
    """All members, page by page to the end."""
    token = access_token(tool)
    answer = ask(token, url, **parameters)
    members = list(answer.body["members"])
    while "next" in links(answer):
        answer = ask(token, links(answer)["next"])
        members += answer.body["members"]
    return members


def ids(tool: Tool, *people: Any) -> list[str]:
    """The ids by which a tool knows these people, in the order of the pages."""
    return [tool.subject_of(person.pk) for person in sorted(people, key=lambda person: person.pk)]


def user_ids(answer: Answer) -> list[str]:
    return [member["user_id"] for member in answer.body["members"]]
