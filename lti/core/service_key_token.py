"""The text of a service key: a signed JWT with the id of its row. It does not expire, and is the same every time."""

import uuid

from lti.core import signed_token
from lti.models import ServiceKey

PURPOSE = "lti.service_key"
"""The purpose for which the signing key is derived, so that an ltik is no service key."""


def mint(key: ServiceKey) -> str:
    return signed_token.sign(PURPOSE, {"jti": str(key.uuid), "iat": int(key.created_at.timestamp())})


def decode(text: str) -> uuid.UUID | None:
    """The id in a service key of this server; None for any other text. Whether it was revoked is not checked."""
    claims = signed_token.verify(PURPOSE, text)
    return uuid.UUID(claims["jti"]) if claims else None
