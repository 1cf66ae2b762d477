"""Asking at the ltik door: with a launch of somebody, and an API key of the tool."""

from typing import Any

from django.utils import timezone

from lti.core import ltik_token, service_key_token
from lti.models import Context, CourseLaunch, Deployment, Launch, ResourceLink, ServiceKey, Tool, ToolApiKey
from organizations.models import Organization
from roster.models import ApiKey, User
from tests.client import Answer, ask
from tests.lti.tools import user_ids

LTIK_MEMBERSHIPS = "/api/memberships"


def key_of(tool: Tool, *, may_launch: bool = False, **fields: Any) -> str:
    """An API key of a tool, never too fast unless `rate` says so."""
    made, text = ToolApiKey.create(tool, may_launch=may_launch)
    ApiKey.objects.filter(pk=made.api_key_id).update(**{"rate": 1_000_000, **fields})
    return text


def launch_of(user: User, organization: Organization, deployment: Deployment) -> Launch:
    """A launch of somebody from a new resource link in an organization."""
    context = Context.objects.of(organization)
    link = ResourceLink.objects.create(deployment=deployment, context=context, title="Weekly poll")
    launch: Launch = Launch.objects.create(resource_link=link, user=user, completed_at=timezone.now())
    return launch


def ltik_of(launch: Launch | CourseLaunch, **options: Any) -> str:
    return ltik_token.mint(launch, on=timezone.now(), **options)


def v1(token: str, key: str) -> str:
    return f"LTIK-AUTH-V1 Token={token}, Additional=Bearer {key}"


def v2(token: str, key: str) -> str:
    return f"LTIK-AUTH-V2 {key}:{token}"


def request_with_ltik(token: str, api_key: str, path: str = LTIK_MEMBERSHIPS, /, **parameters: Any) -> Answer:
    """Ask with an ltik and a key."""
    return ask(None, path, headers={"Authorization": v2(token, api_key)}, **parameters)


def service_key_of(launch: Launch | CourseLaunch) -> str:
    """The service key that `/api/idtoken` tells of a launch."""
    key = ServiceKey.of_launch(launch)
    assert key
    return service_key_token.mint(key)


def service(service_key: str, api_key: str) -> str:
    return f"SERVICE-AUTH-V1 {api_key}:{service_key}"


def request_with_service_key(
    service_key: str, api_key: str, path: str = LTIK_MEMBERSHIPS, /, **parameters: Any
) -> Answer:
    """Ask with a service key and an API key."""
    return ask(None, path, headers={"Authorization": service(service_key, api_key)}, **parameters)


def refusal(answer: Answer) -> tuple[int, str]:
    """The status and the word of a refusal, whose shape is always the same."""
    body = answer.body
    assert (list(body), list(body["details"])) == (["status", "error", "details"], ["message", "description"])
    assert (body["status"], answer.headers["Content-Type"]) == (answer.status, "application/json; charset=utf-8")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Authorization" in answer.headers["Vary"]
    return answer.status, body["details"]["message"]


def walk(token: str, api_key: str, **parameters: Any) -> tuple[list[str], int]:
    """The ids on all pages, and how many pages there are."""
    answer = request_with_ltik(token, api_key, **parameters)
    assert answer.status == 200, answer.body
    found, pages = user_ids(answer), 1
    while "next" in answer.body:
        answer = request_with_ltik(token, api_key, url=answer.body["next"])
        found, pages = found + user_ids(answer), pages + 1
    return found, pages
