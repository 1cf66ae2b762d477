"""The public keys with which learning platforms sign launches."""

import datetime as dt
from typing import Any

from joserfc.jwk import ECKey, Key, RSAKey

from lti import keys
from lti.core import jwks
from lti.core.host_state import HostFailed
from lti.models import LearningPlatform
from lti.tool.http import HOST_LABEL
from lti.tool.texts import is_lms_id
from lti.tool.unavailable import CourseUnavailable

JWKS_MAX_AGE = dt.timedelta(minutes=5)
"""How long a fetched key set is used: a key that a platform removes is refused after that."""

ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
"""The algorithm of a key by its elliptic curve."""


def platform_jwks(platform: LearningPlatform, kid: str, *, on: dt.datetime) -> dict[str, Any]:
    """The keys that a launch may be signed with, each with its algorithm. A new `kid` makes this server fetch them.

    CourseUnavailable if the key set cannot be fetched.
    """
    try:
        found = jwks.cached_jwks(
            platform, platform.key_set_url, kid=kid, max_age=JWKS_MAX_AGE, host_label=HOST_LABEL, on=on
        )
    except HostFailed as error:
        raise CourseUnavailable(str(error), timed_out=error.timed_out) from error
    return {"keys": public_keys(found)}


def public_keys(jwks: Any) -> list[dict[str, Any]]:
    found = []
    for key in keys.readable(jwks):
        algorithm = key.get("alg") or usual_algorithm(key)
        if is_lms_id(key.kid) and key.get("use", "sig") == "sig" and algorithm in keys.ALGORITHMS:
            found.append({**key.as_dict(private=False), "kid": key.kid, "alg": algorithm})
    return found


def usual_algorithm(key: Key) -> str | None:
    """The algorithm of a key that names none."""
    if isinstance(key, ECKey):
        return ALGORITHMS.get(str(key.curve_name))
    return "RS256" if isinstance(key, RSAKey) else None
