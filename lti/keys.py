"""Public and private keys of tools and of this platform, as joserfc reads them."""

from typing import Any

import orjson
from django.core.exceptions import ValidationError
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, OKPKey, RSAKey, import_key

from roster.json_text import is_text

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Accepted signatures: asymmetric ones only. `none` and HMAC are refused because they are not listed."""

MIN_RSA = 2048
"""Minimum bits of an RSA key."""

KEY_TYPES = ("RSA", "EC", "OKP")
"""Types of asymmetric keys."""

STORED_MEMBERS = ("kty", "kid", "use", "alg", "n", "e", "crv", "x", "y")
"""The members of a JWK that are stored."""

ACCEPTED = "A public RSA or elliptic-curve key is accepted, as PEM (-----BEGIN PUBLIC KEY-----) or as a JWK."


def read_public_key(text: str) -> dict[str, Any]:
    """The JWK of a public key given as PEM or JWK. ValidationError for a private, weak or unreadable key."""
    text = text.strip()
    if "PRIVATE KEY" in text:
        raise ValidationError("This is a private key. Keep it to the tool, and give its public key here.")
    try:
        if text.startswith("{"):
            jwk = orjson.loads(text)
            key = import_key(jwk) if isinstance(jwk, dict) and jwk.get("kty") in KEY_TYPES else None
        else:
            key = import_pem(text)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ValidationError(ACCEPTED) from error
    if key is None:
        raise ValidationError(ACCEPTED)
    if not isinstance(key, RSAKey | ECKey | OKPKey) or key.is_private:
        raise ValidationError("This is a private or shared key. Keep it to the tool, and give its public key here.")
    if is_weak(key):
        raise ValidationError(f"An RSA key of at least {MIN_RSA} bits is accepted.")
    public = stored_members(key)
    if public is None:
        raise ValidationError(ACCEPTED)
    return public


def stored_members(key: Key) -> dict[str, Any] | None:
    """The members of a public key that are stored; None if one of them cannot be."""
    jwk = key.as_dict(private=False)
    stored = {name: str(jwk[name]) for name in STORED_MEMBERS if isinstance(jwk.get(name), str)}
    return stored if all(is_text(value) for value in stored.values()) else None


def import_pem(text: str) -> Key | None:
    """The key of a PEM text; None for a kind that is not used here."""
    for kind in (RSAKey, ECKey, OKPKey):
        try:
            return kind.import_key(text)
        except (JoseError, ValueError, TypeError):
            continue
    return None


def is_weak(key: Any) -> bool:
    return isinstance(key, RSAKey) and int(key.public_key.key_size) < MIN_RSA


def readable(jwks: Any) -> list[Key]:
    """The keys of a key set that can be used to check a signature; others are left aside."""
    found: list[Key] = []
    entries = jwks.get("keys") if isinstance(jwks, dict) else None
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") not in KEY_TYPES:
            continue
        try:
            key = import_key(entry)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError):
            continue
        if isinstance(key, RSAKey | ECKey | OKPKey) and not key.is_private and not is_weak(key):
            found.append(key)
    return found


def keys_by_id(keys: list[Key], kid: Any) -> list[Key]:
    """The keys that a token of this key id may be signed with: those of that id, else those without one.

    A token without a key id may be signed with any.
    """
    if not kid:
        return keys
    return [key for key in keys if key.kid == kid] or [key for key in keys if not key.kid]


def thumbprint(jwk: dict[str, Any]) -> str:
    return str(KeySet.import_key_set({"keys": [jwk]}).keys[0].thumbprint())
