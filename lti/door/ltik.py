"""Ltiks: what a launch hands to a tool, to be shown together with the tool's API key.

A signed JWT with the claim names of ltijs. Only this server reads it, so the key is made of SECRET_KEY and published
nowhere (docs/decisions/0030-ltiks-have-a-key-of-their-own.md).
"""

import base64
import datetime as dt
import secrets as random
import uuid
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from lti import addresses
from lti.models import Launch
from roster import secrets

LIFETIME = 8 * 3600
"""Seconds that an ltik is good for."""

ALGORITHM = "HS256"
PURPOSE = "lti.ltik"
"""What the signing key is derived for: a key of another purpose signs no ltik."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a good ltik says of its launch."""

    launch_id: uuid.UUID
    has_resource_link: bool
    """Was it launched from a resource link? A portal need not name one."""


def mint(launch: Launch, *, on: dt.datetime, has_resource_link: bool = True) -> str:
    """The ltik of a launch, good for eight hours from the instant `on`."""
    link = launch.resource_link
    tool = link.deployment.tool
    platform = (addresses.issuer(), tool.client_id, link.deployment.deployment_id)
    now = int(on.timestamp())
    claims: dict[str, Any] = {
        "platformUrl": platform[0],
        "clientId": platform[1],
        "deploymentId": platform[2],
        "platformCode": f"lti{base64.urlsafe_b64encode(''.join(platform).encode()).decode()}",
        "contextId": str(link.context.uuid),
        "user": tool.subject_of(launch.user_id),
        "s": random.token_hex(12),
        "iat": now,
        "exp": now + LIFETIME,
        "jti": str(launch.uuid),
        "aud": addresses.issuer(),
    }
    if has_resource_link:
        claims["resourceLinkId"] = str(link.uuid)
    key = OctKey.import_key(secrets.derived_keys(PURPOSE)[0])
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


def read(text: str, *, on: dt.datetime) -> Said | None:
    """What an ltik of this server says, unless it has expired at the instant `on`. None for any other text."""
    for key in secrets.derived_keys(PURPOSE):
        try:
            claims = jwt.decode(text, OctKey.import_key(key), algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError):
            continue
        if claims["aud"] != addresses.issuer() or claims["exp"] <= on.timestamp():
            return None
        return Said(uuid.UUID(claims["jti"]), "resourceLinkId" in claims)
    return None
