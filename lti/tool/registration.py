"""Registering this server with a learning platform by LTI Dynamic Registration, for the first time or again.

The platform is told last: everything that can be checked is checked before. It answers with a client id, and the
registration of this issuer and client id is stored or updated. For an update the registration token proves the
administrator: the platform itself accepted it, at its own host.
"""

from typing import Any
from urllib.parse import urlsplit

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from lti import claims
from lti.core import urls
from lti.core.web_origin import web_origin
from lti.models import LearningPlatform, PlatformDeployment, Tool
from lti.tool.errors import LaunchRefused
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.openid_configuration import audience_in, configuration_at, platform_name
from lti.tool.registration_token import authorization, client_id_to_update
from lti.tool.texts import is_lms_id
from lti.tool.unavailable import CourseUnavailable
from roster.api.authentication import audience_of
from roster.names import validate_identifier
from roster.privacy import excess

REQUESTED_CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims about people that this server asks for. What is disclosed to a tool is decided later."""

CHANGE_PERMISSION = "lti.change_learningplatform"

UPDATED = ("authorization_url", "token_url", "key_set_url", "token_audience", "tool")
"""What registering again updates. The name and the status stay as staff set them."""

UNKNOWN_OUTCOME = (
    "Whether it has registered this server is not known, and nothing was changed here. If the tool is listed there, "
    "choose to update it there; otherwise register again."
)


def register_with_platform(
    openid_configuration: str, registration_token: str, tool: Tool | None, *, by: Any
) -> LearningPlatform:
    """Register with the platform of this configuration, or update the registration that it answers with.

    A new one is active at once, because staff register it. LaunchRefused for an invalid configuration,
    CourseUnavailable if it cannot be fetched.
    """
    configuration = configuration_at(openid_configuration)
    platform = LearningPlatform(
        name=platform_name(configuration),
        issuer=configuration["issuer"],
        authorization_url=configuration["authorization_endpoint"],
        token_url=configuration["token_endpoint"],
        key_set_url=configuration["jwks_uri"],
        token_audience=audience_in(configuration),
        tool=tool,
    )
    endpoint = configuration["registration_endpoint"]
    is_proven = bool(registration_token) and web_origin(endpoint) == web_origin(platform.issuer)
    try:
        platform.clean_fields(exclude=["client_id"])
    except ValidationError as error:
        raise LaunchRefused(502, f"The OpenID configuration cannot be stored: {reasons_of(error)}") from error
    expected = known_platform(platform.issuer, client_id_to_update(endpoint, registration_token))
    if expected:
        check_update(expected, by=by, is_proven=is_proven)
    answered = registered_at(endpoint, registration_token)
    platform.client_id = answered["client_id"]
    deployment_id = deployment_in(answered)
    try:
        try:
            return store_registration(platform, deployment_id, by=by, is_proven=is_proven)
        except IntegrityError:  # another confirmation stored it in the meantime
            return store_registration(platform, deployment_id, by=by, is_proven=is_proven)
    except (ValidationError, LaunchRefused, DatabaseError) as error:
        raise LaunchRefused(502, unstored_message(platform, deployment_id, error)) from error


def check_update(platform: LearningPlatform, *, by: Any, is_proven: bool) -> None:
    """LaunchRefused if a registration may not be updated, or not by this person."""
    if not is_proven:
        raise LaunchRefused(
            403, f"{platform} is registered here already, and no registration token of that host proves the update."
        )
    check_change(platform, by=by)


def check_change(platform: LearningPlatform, *, by: Any) -> None:
    """LaunchRefused unless this person may change a registration."""
    if not by.has_perm(CHANGE_PERMISSION):
        raise LaunchRefused(403, f"{platform} is registered here already, and you may not change it.")
    if more := excess(audience_of(by), platform.grants):
        raise LaunchRefused(
            403, f"You may not change {platform}: its tool reads {' and '.join(more)}, which you may not read yourself."
        )


def registered_at(endpoint: str, registration_token: str) -> dict[str, Any]:
    """What a platform answers when it has registered this server. LaunchRefused without a client id."""
    headers = authorization(registration_token)
    try:
        answer = fetch_from_platform("POST", endpoint, json=metadata(), headers=headers)
        answered = json_of(answer) if answer.status in {200, 201} else None
    except CourseUnavailable as error:
        raise LaunchRefused(504 if error.timed_out else 502, f"{error} {UNKNOWN_OUTCOME}") from error
    if isinstance(answered, dict) and is_lms_id(answered.get("client_id")):
        return answered
    outcome = UNKNOWN_OUTCOME if answer.status in {200, 201} else "Nothing was changed here."
    raise LaunchRefused(502, f"The learning platform did not register this server (status {answer.status}). {outcome}")


def deployment_in(answered: dict[str, Any]) -> str | None:
    """The deployment id in a platform’s answer, if there is one."""
    configured = answered.get(claims.TOOL_CONFIGURATION)
    deployment_id = configured.get("deployment_id") if isinstance(configured, dict) else None
    return deployment_id if is_lms_id(deployment_id) else None


def store_registration(
    platform: LearningPlatform, deployment_id: str | None, *, by: Any, is_proven: bool
) -> LearningPlatform:
    """Store a new registration, or update the known one of its issuer and client id."""
    platform.clean_fields()
    if deployment_id:
        validate_identifier(deployment_id)
    with transaction.atomic():
        known = known_platform(platform.issuer, platform.client_id, lock=True)
        if known:
            check_update(known, by=by, is_proven=is_proven)
            update(known, platform)
        else:
            platform.save()
        stored = known or platform
        if deployment_id:
            PlatformDeployment.objects.get_or_create(platform=stored, deployment_id=deployment_id)
        flag, done = (CHANGE, "Registered again dynamically.") if known else (ADDITION, "Registered dynamically.")
        LogEntry.objects.log_actions(by.pk, [stored], flag, change_message=done)
    return stored


def update(known: LearningPlatform, described: LearningPlatform) -> None:
    """Update a registration as the platform describes itself now. Keys and tokens from other URLs are deleted."""
    if known.key_set_url != described.key_set_url:
        known.jwks = known.jwks_fetched_at = None
    if known.signs_for != described.signs_for or known.token_url != described.token_url:
        known.access_token_encrypted, known.access_token_expires_at = "", None
    for name in UPDATED:
        setattr(known, name, getattr(described, name))
    known.save()


def choose_tool(platform_id: int, tool: Tool | None, *, by: Any) -> LearningPlatform | None:
    """The registration that a confirmation made, confirmed again: only the tool may be another one now.

    None if it is not stored any more.
    """
    with transaction.atomic():
        platform: LearningPlatform | None = locked().filter(pk=platform_id).first()
        if platform and platform.tool_id != (tool and tool.pk):
            check_change(platform, by=by)
            platform.tool = tool
            platform.save()
            LogEntry.objects.log_actions(by.pk, [platform], CHANGE, change_message="Another tool chosen.")
    return platform


def locked() -> Any:
    return LearningPlatform.objects.select_for_update(of=("self",))


def known_platform(issuer: str, client_id: str | None, *, lock: bool = False) -> LearningPlatform | None:
    """The stored registration of an issuer and client id."""
    rows = locked() if lock else LearningPlatform.objects.all()
    found: LearningPlatform | None = rows.filter(issuer=issuer, client_id=client_id).first()
    return found


def reasons_of(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    return "The database failed." if isinstance(error, DatabaseError) else str(error)


def unstored_message(platform: LearningPlatform, deployment_id: str | None, error: Exception) -> str:
    """What is registered at the platform and not here, why, and how to finish."""
    deployment = f", deployment id {deployment_id}" if deployment_id else ""
    return (
        f"The learning platform has registered this server under the client id {platform.client_id}{deployment}, but "
        f"the registration cannot be stored: {reasons_of(error)} Nothing was changed here. When the cause is solved, "
        "choose to update the tool in the learning platform, or enter these values in the admin by hand. Otherwise "
        "delete the tool there."
    )


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
