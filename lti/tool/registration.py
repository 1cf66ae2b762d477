"""Registering this server with a learning platform by LTI Dynamic Registration."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction

from lti import claims
from lti.core import urls
from lti.core.reachable import reachable
from lti.models import LearningPlatform, PlatformDeployment, Tool
from lti.tool.errors import LaunchRefused
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.texts import is_lms_id, truncate
from roster.names import search_key, validate_identifier

REQUESTED_CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims about people that this server asks for. What is disclosed to a tool is decided later."""


def register_with_platform(
    openid_configuration: str, registration_token: str, tool: Tool | None, *, by: Any
) -> LearningPlatform:
    """Register with the platform of this configuration. It is active at once, because staff register it.

    LaunchRefused for an invalid configuration, CourseUnavailable if the platform does not answer.
    """
    configuration = configuration_at(openid_configuration)
    headers = {"Authorization": f"Bearer {registration_token}"} if registration_token else {}
    answer = fetch_from_platform("POST", configuration["registration_endpoint"], json=metadata(), headers=headers)
    answered = json_of(answer) if answer.status in {200, 201} else None
    registered: dict[str, Any] = answered if isinstance(answered, dict) else {}
    client_id = registered.get("client_id")
    if not is_lms_id(client_id):
        raise LaunchRefused(502, f"The learning platform did not register this server (status {answer.status}).")
    platform = LearningPlatform(
        name=platform_name(configuration),
        issuer=configuration["issuer"],
        client_id=client_id,
        authorization_url=configuration["authorization_endpoint"],
        token_url=configuration["token_endpoint"],
        key_set_url=configuration["jwks_uri"],
        token_audience=audience_in(configuration),
        tool=tool,
    )
    configured = registered.get(claims.TOOL_CONFIGURATION)
    deployment_id = configured.get("deployment_id") if isinstance(configured, dict) else None
    try:
        platform.full_clean()
        if is_lms_id(deployment_id):
            validate_identifier(deployment_id)
    except ValidationError as error:
        reasons = " ".join(error.messages)
        raise LaunchRefused(502, f"The learning platform’s registration cannot be stored: {reasons}") from error
    with transaction.atomic():
        platform.save()
        if is_lms_id(deployment_id):
            PlatformDeployment.objects.create(platform=platform, deployment_id=deployment_id)
        LogEntry.objects.log_actions(by.pk, [platform], ADDITION, change_message="Registered dynamically.")
    return platform


ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


def configuration_at(url: str) -> dict[str, Any]:
    """The OpenID configuration at a URL. LaunchRefused if its issuer is on another host."""
    answer = fetch_from_platform("GET", url)
    if answer.status != 200:
        raise LaunchRefused(502, f"There is no OpenID configuration at this address (status {answer.status}).")
    found = json_of(answer)
    if not isinstance(found, dict):
        raise LaunchRefused(502, "What stands at this address is no OpenID configuration.")
    for name in ENDPOINTS:
        try:
            reachable(found.get(name))
        except ValidationError as error:
            raise LaunchRefused(502, f"{name} of the OpenID configuration: {' '.join(error.messages)}") from error
    if urlsplit(found["issuer"]).netloc != urlsplit(url).netloc:
        raise LaunchRefused(502, "The OpenID configuration speaks for an issuer of another host.")
    return found


def audience_in(configuration: dict[str, Any]) -> str:
    """The audience of assertions for a platform, if it is not the token endpoint; else `""`."""
    audience = configuration.get("authorization_server")
    return audience if is_lms_id(audience) else ""


def platform_name(configuration: dict[str, Any]) -> str:
    """The name of a new platform: its product and host."""
    described = configuration.get(claims.PLATFORM_CONFIGURATION)
    product = truncate(described.get("product_family_code"), 40) if isinstance(described, dict) else ""
    host = urlsplit(configuration["issuer"]).netloc
    return f"{product} at {host}"[:200] if search_key(product).strip() else host[:200]


def metadata() -> dict[str, Any]:
    """The metadata of this server for Dynamic Registration."""
    launch_url = urls.course_launch_url()
    return {
        "application_type": "web",
        "client_name": "Campus Roster",
        "grant_types": ["implicit", "client_credentials"],
        "response_types": ["id_token"],
        "initiate_login_uri": urls.course_login_url(),
        "redirect_uris": [launch_url],
        "jwks_uri": urls.jwks_url(),
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": claims.NRPS_SCOPE,
        claims.TOOL_CONFIGURATION: {
            "domain": urlsplit(urls.issuer()).netloc,
            "description": "Reads the rosters of courses for campus organizations and their tools.",
            "target_link_uri": launch_url,
            "claims": list(REQUESTED_CLAIMS),
            "messages": [
                {"type": message, "target_link_uri": launch_url, "label": "Campus Roster"}
                for message in claims.MESSAGE_TYPES
            ],
        },
    }
