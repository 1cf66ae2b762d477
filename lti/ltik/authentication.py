"""Authentication of the ltik API: an ltik or a service key, with an API key of the tool that it belongs to.

`Authorization: LTIK-AUTH-V1 Token=LTIK, Additional=Bearer API_KEY`, `LTIK-AUTH-V2 API_KEY:LTIK`, or, for memberships,
`SERVICE-AUTH-V1 API_KEY:SERVICE_KEY`. Where the campus allows it, `?ltik=LTIK` with `Authorization: Bearer API_KEY`.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lti.core import ltik_token, service_key_token
from lti.models import Context, CourseLaunch, Deployment, Launch, ServiceKey, Tool, ToolApiKey
from organizations.models import Organization
from roster.api.authentication import Credential, authenticate_bearer, clock, query_parameters
from roster.api.caller import caller_of

SERVICE_SCHEME = "service-auth-v1"
SCHEMES = ("ltik-auth-v1", "ltik-auth-v2", SERVICE_SCHEME)
LTIK_PARAMETER = "ltik"

HOW_TO_SEND_BOTH = "Send “Authorization: LTIK-AUTH-V2 API_KEY:LTIK”."
HOW_TO_SEND_A_SERVICE_KEY = "Send “Authorization: SERVICE-AUTH-V1 API_KEY:SERVICE_KEY”."
ONE_CREDENTIAL = "This request shows more than one credential. Send one."


class Unauthorized(AuthenticationFailed):
    """401, with an error code for programs."""

    def __init__(self, error_code: str, detail: str) -> None:
        super().__init__(detail)
        self.error_code = error_code


@dataclass(frozen=True, slots=True)
class LaunchCredential(Credential):
    """The result of authentication by an ltik: the launch, which is of this tool."""

    launch: Launch | CourseLaunch | None = None
    has_resource_link: bool = False


@dataclass(frozen=True, slots=True)
class ServiceKeyCredential(Credential):
    """The result of authentication by a service key, which is of this tool."""

    service_key: ServiceKey | None = None
    has_resource_link: bool = False


def scheme_of(authorization: str) -> str:
    """The scheme of an Authorization header, in lower case."""
    return authorization.strip().partition(" ")[0].lower()


def is_for_ltik_api(request: HttpRequest) -> bool:
    """Does a request show an ltik or a scheme of LTIaaS, good or bad? All others are for the roster API."""
    if scheme_of(request.headers.get("Authorization", "")) in SCHEMES:
        return True
    try:
        return any(name.lower() == LTIK_PARAMETER for name in request.GET)
    except SuspiciousOperation:  # more parameters than Django reads
        return False


def parse_credentials(authorization: str) -> tuple[str, str]:
    """The ltik or service key, and the API key, of a header of any form; `""` for what is missing."""
    scheme, _, text = authorization.strip().partition(" ")
    if scheme.lower() in {"ltik-auth-v2", SERVICE_SCHEME}:
        api_key, _, token = text.partition(":")
        return token.strip(), api_key.strip()
    parts = [part.strip().partition("=") for part in text.split(",")] if scheme.lower() == "ltik-auth-v1" else []
    values = {name.strip().lower(): value.strip() for name, _, value in parts}
    return values.get("token", ""), bearer_key(values.get("additional", ""))


def bearer_key(text: str) -> str:
    kind, _, api_key = text.strip().partition(" ")
    return api_key.strip() if kind.lower() == "bearer" else ""


class LtikAuthentication(BaseAuthentication):
    """An ltik with an API key of its tool. Everything else is 401."""

    def authenticate_header(self, request: Request) -> str:
        return 'LTIK-AUTH-V2 realm="lti"'

    def authenticate(self, request: Request) -> tuple[Any, Credential]:
        token, api_key = sent_ltik(request)
        if not token:
            raise Unauthorized("NO_LTIK_OR_IDTOKEN_FOUND", f"This request shows no ltik. {HOW_TO_SEND_BOTH}")
        tool = authenticate_tool(request, api_key, HOW_TO_SEND_BOTH)
        claims = ltik_token.decode(token, on=clock())
        launch = (find_launch(claims, tool) or find_course_launch(claims, tool)) if claims else None
        if claims is None or launch is None:
            raise Unauthorized("INVALID_LTIK", "This ltik is not good with this key, or not any more. Launch again.")
        credential = LaunchCredential(
            tool.reads, parameters_in(request), launch=launch, has_resource_link=claims.has_resource_link
        )
        return AnonymousUser(), credential


class RosterAuthentication(LtikAuthentication):
    """An ltik or a service key, with an API key of its tool. Everything else is 401."""

    def authenticate_header(self, request: Request) -> str:
        return (
            f'{SERVICE_SCHEME.upper()} realm="lti"'
            if uses_service_key(request)
            else super().authenticate_header(request)
        )

    def authenticate(self, request: Request) -> tuple[Any, Credential]:
        if not uses_service_key(request):
            return super().authenticate(request)
        text, api_key = parse_credentials(request.headers["Authorization"])
        if not text:
            raise Unauthorized(
                "NO_SERVICE_KEY_FOUND", f"This request shows no service key. {HOW_TO_SEND_A_SERVICE_KEY}"
            )
        if settings.LTIK_IN_QUERY and LTIK_PARAMETER in query_parameters(request):
            raise Unauthorized("INVALID_SERVICE_KEY", ONE_CREDENTIAL)
        tool = authenticate_tool(request, api_key, HOW_TO_SEND_A_SERVICE_KEY)
        service_key = find_service_key(text, tool)
        if service_key is None:
            raise Unauthorized(
                "INVALID_SERVICE_KEY",
                "This service key is not good with this API key, or not any more. The next launch may have another.",
            )
        return AnonymousUser(), ServiceKeyCredential(tool.reads, parameters_in(request), service_key=service_key)


def uses_service_key(request: Request) -> bool:
    return scheme_of(request.headers.get("Authorization", "")) == SERVICE_SCHEME


def sent_ltik(request: Request) -> tuple[str, str]:
    """The ltik and the API key of a request; `""` for what is missing."""
    authorization = request.headers.get("Authorization", "")
    in_query = query_parameters(request).get(LTIK_PARAMETER, [])
    scheme = scheme_of(authorization)
    if scheme == SERVICE_SCHEME:
        return "", ""
    if not in_query or (scheme in SCHEMES and not settings.LTIK_IN_QUERY):
        return parse_credentials(authorization)
    if not settings.LTIK_IN_QUERY:
        raise Unauthorized("NO_LTIK_OR_IDTOKEN_FOUND", f"An ltik in the URL is not accepted here. {HOW_TO_SEND_BOTH}")
    if scheme in SCHEMES or len(in_query) > 1:
        raise Unauthorized("INVALID_LTIK", ONE_CREDENTIAL)
    return in_query[0].strip(), bearer_key(authorization)


def parameters_in(request: Request) -> tuple[str, ...]:
    """The parameter that carries an ltik, accepted or not: such an answer is never stored."""
    return (LTIK_PARAMETER,) if LTIK_PARAMETER in query_parameters(request) else ()


def authenticate_tool(request: Request, api_key: str, how_to_send: str) -> Tool:
    """The active tool of an API key, whose use is counted. Unauthorized for any other key."""
    if not api_key:
        raise Unauthorized("NO_API_KEY_FOUND", f"This request shows no API key. {how_to_send}")
    if "X-Engage-Api-Key" in request.headers:
        raise Unauthorized("INVALID_API_KEY", ONE_CREDENTIAL)
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
    link = launch.resource_link
    return launch if is_open(tool, link.deployment_id, link.context) else None


def find_course_launch(claims: ltik_token.LtikClaims, tool: Tool) -> CourseLaunch | None:
    """The launch of an ltik from a course, if the platform opens this tool and the launch is still in force."""
    launches = CourseLaunch.objects.in_force().with_parts().filter(course__deployment__platform__tool=tool)
    launch: CourseLaunch | None = launches.filter(uuid=claims.launch_id).first()
    return launch


def find_service_key(text: str, tool: Tool) -> ServiceKey | None:
    """The service key of this text, if it is one of this tool and still in force."""
    key_id = service_key_token.decode(text)
    keys = ServiceKey.objects.in_force().with_parts().filter(tool=tool)
    key: ServiceKey | None = keys.filter(uuid=key_id).first() if key_id else None
    if key is None or key.context is None or key.deployment_id is None:
        return key
    return key if is_open(tool, key.deployment_id, key.context) else None


def is_open(tool: Tool, deployment_id: int, context: Context) -> bool:
    """Does a deployment in force still cover an organization, and does its tool see it?"""
    organization = context.organization
    covering = Deployment.objects.in_force().covering(organization).filter(pk=deployment_id, tool=tool)
    visible = Organization.objects.visible_to(tool.reads).filter(pk=organization.pk)
    return covering.exists() and visible.exists()
