"""Tokens that only this server reads: JWTs signed by a key derived from SECRET_KEY for one purpose."""

from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from lti.core import urls
from roster import secrets

ALGORITHM = "HS256"


def sign(purpose: str, claims: dict[str, Any]) -> str:
    """The token of these claims, for this server only. No token of another purpose has its signature."""
    key = OctKey.import_key(secrets.derived_keys(purpose)[0])
    claims = {**claims, "aud": urls.issuer()}
    return jwt.encode({"alg": ALGORITHM, "typ": "JWT"}, claims, key, algorithms=[ALGORITHM])


def verify(purpose: str, text: str) -> dict[str, Any] | None:
    """The claims of a token that this server signed for this purpose; None for any other text."""
    for key in secrets.derived_keys(purpose):
        try:
            claims: dict[str, Any] = jwt.decode(text, OctKey.import_key(key), algorithms=[ALGORITHM]).claims
        except (JoseError, ValueError, TypeError, RecursionError):
            continue
        return claims if claims["aud"] == urls.issuer() else None
    return None
