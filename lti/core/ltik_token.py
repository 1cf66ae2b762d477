"""Ltiks: tokens of launches, which tools send together with their API key.

A signed JWT with the claim names of ltijs. Only this server reads it, so its key is derived from SECRET_KEY and not
published (docs/decisions/0030-sign-ltiks-with-a-separate-key-and-send-them-in-the-id-token.md).
"""

import base64
import datetime as dt
import secrets as random
import uuid
from dataclasses import dataclass
from typing import Any

from lti.core import signed_token, urls
from lti.models import CourseLaunch, Launch

LTIK_LIFETIME = 8 * 3600
"""Seconds that an ltik is valid."""

PURPOSE = "lti.ltik"
"""The purpose for which the signing key is derived, so that no other derived key signs ltiks."""


@dataclass(frozen=True, slots=True)
class LtikClaims:
    """The claims of a valid ltik that are read."""

    launch_id: uuid.UUID
    has_resource_link: bool
    """Was it launched from a resource link? A portal may launch without one."""


@dataclass(frozen=True, slots=True)
class LaunchOrigin:
    """Where a launch came from: an organization here, or a course of a learning platform."""

    platform: tuple[str, str, str]
    """Its issuer, the client id of the tool, and the deployment id."""
    context_id: str
    resource_link_id: str
    user: str
    """The person, by the id that this platform gives to the tool."""


def origin_of(launch: Launch | CourseLaunch) -> LaunchOrigin:
    if isinstance(launch, CourseLaunch):
        course, platform = launch.course, launch.platform
        ids = (platform.issuer, platform.client_id, course.deployment.deployment_id)
        return LaunchOrigin(ids, course.context_id, launch.resource_link_id, launch.subject)
    link = launch.resource_link
    tool = link.deployment.tool
    ids = (urls.issuer(), tool.client_id, link.deployment.deployment_id)
    return LaunchOrigin(ids, str(link.context.uuid), str(link.uuid), tool.subject_of(launch.user_id))


def mint(launch: Launch | CourseLaunch, *, on: dt.datetime, has_resource_link: bool = True) -> str:
    """The ltik of a launch, valid for eight hours from the instant `on`."""
    origin = origin_of(launch)
    now = int(on.timestamp())
    claims: dict[str, Any] = {
        "platformUrl": origin.platform[0],
        "clientId": origin.platform[1],
        "deploymentId": origin.platform[2],
        "platformCode": f"lti{base64.urlsafe_b64encode(''.join(origin.platform).encode()).decode()}",
        "contextId": origin.context_id,
        "user": origin.user,
        "s": random.token_hex(12),
        "iat": now,
        "exp": now + LTIK_LIFETIME,
        "jti": str(launch.uuid),
    }
    if has_resource_link:
        claims["resourceLinkId"] = origin.resource_link_id
    return signed_token.sign(PURPOSE, claims)


def decode(text: str, *, on: dt.datetime) -> LtikClaims | None:
    """The claims of an ltik of this server; None if it has expired at the instant `on`, and for any other text."""
    claims = signed_token.verify(PURPOSE, text)
    if claims is None or claims["exp"] <= on.timestamp():
        return None
    return LtikClaims(uuid.UUID(claims["jti"]), "resourceLinkId" in claims)
