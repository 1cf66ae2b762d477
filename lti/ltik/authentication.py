"""Authentication of the ltik API: the launch by its ltik, and the tool that was launched by its API key.

`Authorization: LTIK-AUTH-V1 Token=LTIK, Additional=Bearer API_KEY` or `LTIK-AUTH-V2 API_KEY:LTIK`.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lti.core import ltik_token
from lti.models import CourseLaunch, Deployment, Launch, Tool, ToolApiKey
from organizations.models import Organization
from roster.api.authentication import Credential, authenticate_bearer, clock
from roster.api.caller import caller_of

SCHEMES = ("ltik-auth-v1", "ltik-auth-v2")

HOW_TO_SEND_BOTH = "Send “Authorization: LTIK-AUTH-V2 API_KEY:LTIK”."


class Unauthorized(AuthenticationFailed):
    """401, with an error code for programs."""

    def __init__(self, error_code: str, detail: str) -> None:
        super().__init__(detail)
        self.error_code = error_code


@dataclass(frozen=True, slots=True)
class LaunchCredential(Credential):
    """The result of authentication: the launch, which is of this tool."""

    launch: Launch | CourseLaunch | None = None
    has_resource_link: bool = False


def scheme_of(authorization: str) -> str:
    """The scheme of an Authorization header, in lower case."""
    return authorization.strip().partition(" ")[0].lower()


def parse_credentials(authorization: str) -> tuple[str, str]:
    """The ltik and the API key of a header of either form; `""` for what is missing."""
    scheme, _, text = authorization.strip().partition(" ")
    if scheme.lower() == "ltik-auth-v2":
        api_key, _, token = text.partition(":")
        return token.strip(), api_key.strip()
    parts = [part.strip().partition("=") for part in text.split(",")] if scheme.lower() == "ltik-auth-v1" else []
    values = {name.strip().lower(): value.strip() for name, _, value in parts}
    kind, _, api_key = values.get("additional", "").partition(" ")
    return values.get("token", ""), api_key.strip() if kind.lower() == "bearer" else ""


class LtikAuthentication(BaseAuthentication):
    """An ltik with an API key of its tool. Everything else is 401."""

    def authenticate_header(self, request: Request) -> str:
        return 'LTIK-AUTH-V2 realm="lti"'

    def authenticate(self, request: Request) -> tuple[Any, Credential]:
        token, api_key = parse_credentials(request.headers.get("Authorization", ""))
        if not token:
            raise Unauthorized("NO_LTIK_OR_IDTOKEN_FOUND", f"This request shows no ltik. {HOW_TO_SEND_BOTH}")
        tool = authenticate_tool(request, api_key)
        now = clock()
        claims = ltik_token.decode(token, on=now)
        launch = (find_launch(claims, tool) or find_course_launch(claims, tool)) if claims else None
        if claims is None or launch is None:
            raise Unauthorized("INVALID_LTIK", "This ltik is not good with this key, or not any more. Launch again.")
        credential = LaunchCredential(tool.reads, launch=launch, has_resource_link=claims.has_resource_link)
        return AnonymousUser(), credential


def authenticate_tool(request: Request, api_key: str) -> Tool:
    """The active tool of an API key, whose use is counted. Unauthorized for any other key."""
    if not api_key:
        raise Unauthorized("NO_API_KEY_FOUND", f"This request shows no API key. {HOW_TO_SEND_BOTH}")
    if "X-Engage-Api-Key" in request.headers:
        raise Unauthorized("INVALID_API_KEY", "This request shows more than one credential. Send one.")
    try:
        authenticate_bearer(request, api_key)
    except AuthenticationFailed as error:
        raise Unauthorized("INVALID_API_KEY", str(error.detail)) from error
    prefix = caller_of(request._request).key_prefix  # set by authenticate_bearer
    key = ToolApiKey.objects.filter(api_key__prefix=prefix).select_related("tool").first()
    if key is None or not key.tool.is_active:
        raise Unauthorized("INVALID_API_KEY", "This key is not one of an active tool.")
    tool: Tool = key.tool
    return tool


def find_launch(claims: ltik_token.LtikClaims, tool: Tool) -> Launch | None:
    """The launch of an ltik, if it is one of this tool and still in force."""
    launches = Launch.objects.with_parts().filter(revoked_at=None, resource_link__deployment__tool=tool)
    launch: Launch | None = launches.filter(uuid=claims.launch_id).first()
    if launch is None or not launch.user.is_active:
        return None
    organization = launch.resource_link.context.organization
    covering = Deployment.objects.in_force().covering(organization).filter(pk=launch.resource_link.deployment_id)
    visible = Organization.objects.visible_to(tool.reads).filter(pk=organization.pk)
    return launch if covering.exists() and visible.exists() else None


def find_course_launch(claims: ltik_token.LtikClaims, tool: Tool) -> CourseLaunch | None:
    """The launch of an ltik from a course, if the platform opens this tool and the launch is still in force."""
    launches = CourseLaunch.objects.in_force().with_parts().filter(course__deployment__platform__tool=tool)
    launch: CourseLaunch | None = launches.filter(uuid=claims.launch_id).first()
    return launch
