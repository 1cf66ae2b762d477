"""The public keys of learning platforms, by which they sign launches."""

import datetime as dt
from typing import Any

from joserfc.jwk import ECKey, Key, RSAKey

from lti import keys
from lti.course.fetching import fetch
from lti.course.texts import is_id
from lti.course.unavailable import CourseUnavailable
from lti.models import LearningPlatform

REMEMBERED = dt.timedelta(minutes=5)
"""How long a fetched key set is believed: a key that a platform takes down opens nothing after that."""

LEAST = dt.timedelta(seconds=10)
"""How long it is believed at least, whatever key a launch names."""

PARTS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
"""What is kept of a public key."""

ALGORITHMS = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
"""What a key of an elliptic curve signs with."""


def key_set_of(platform: LearningPlatform, kid: Any, *, on: dt.datetime) -> dict[str, Any]:
    """The keys that a launch may be signed with, each with its algorithm. A `kid` that is new is looked for.

    CourseUnavailable when the platform does not show its keys.
    """
    age = on - platform.jwks_fetched_at if platform.jwks_fetched_at else REMEMBERED
    found = public_keys(platform.jwks)
    is_known = any(key["kid"] == kid for key in found)
    if age >= (REMEMBERED if is_known else LEAST):
        answer = fetch("GET", platform.key_set_url)
        if answer.status != 200:
            raise CourseUnavailable(f"The learning platform does not show its keys (status {answer.status}).")
        platform.remember_keys({"keys": found_in(answer.json())}, on=on)
        found = public_keys(platform.jwks)
    return {"keys": found}


def found_in(jwks: Any) -> list[dict[str, Any]]:
    """The usable keys of a key set, without anything else that stands in it."""
    usable = [key.as_dict(private=False) for key in keys.readable(jwks) if is_id(key.kid)]
    return [{name: key[name] for name in PARTS if isinstance(key.get(name), str)} for key in usable]


def public_keys(jwks: Any) -> list[dict[str, Any]]:
    found = []
    for key in keys.readable(jwks):
        algorithm = key.get("alg") or usual_algorithm(key)
        if key.kid and key.get("use", "sig") == "sig" and algorithm in keys.ALGORITHMS:
            found.append({**key.as_dict(private=False), "kid": key.kid, "alg": algorithm})
    return found


def usual_algorithm(key: Key) -> str | None:
    """What a key signs with that does not say it."""
    if isinstance(key, ECKey):
        return ALGORITHMS.get(str(key.curve_name))
    return "RS256" if isinstance(key, RSAKey) else None
