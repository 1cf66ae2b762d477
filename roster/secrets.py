"""Secrets of API keys: creation, hashing and encryption.

A bearer key has 256 random bits, so a keyed SHA-256 is sufficient, and a slow password hash is not needed.
The private key of a signed query is needed to check a hash, so it is encrypted instead. Both depend on `SECRET_KEY`;
those made with a key in `SECRET_KEY_FALLBACKS` still work.
"""

import base64
import hashlib
import hmac
import string
from secrets import choice, compare_digest, token_urlsafe

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

KEY_MARK = "cr"
"""The first part of every bearer key, by which secret scanners recognize it."""

_ALPHABET = string.ascii_letters + string.digits


def new_prefix() -> str:
    """A new prefix, by which a key is found in the database: 12 letters and digits."""
    return "".join(choice(string.ascii_lowercase + string.digits) for _ in range(12))


def new_secret() -> str:
    """A new secret of 43 letters and digits: 256 random bits."""
    return "".join(choice(_ALPHABET) for _ in range(43))


def keyed_hash(secret: str) -> str:
    """The stored hash of a secret: its SHA-256 keyed with `SECRET_KEY`, 64 hex digits."""
    return _keyed_hash(secret, settings.SECRET_KEY)


def keyed_hashes(secret: str) -> list[str]:
    """All hashes under which this secret may be stored: with `SECRET_KEY`, and with each fallback."""
    return [_keyed_hash(secret, key) for key in _installation_keys()]


def matches(secret: str, stored: str) -> bool:
    """Is this the secret of a stored hash? The comparison takes constant time."""
    return any(compare_digest(keyed, stored) for keyed in keyed_hashes(secret))


class UnreadableSecret(ValueError):
    """A stored secret was encrypted under a SECRET_KEY that is not in use any more."""


def installation_key_id() -> str:
    """A short id of the current SECRET_KEY, which is stored beside a hash."""
    return _id_of(settings.SECRET_KEY)


def secret_key_index_of_id(key_id: str) -> int | None:
    """The index of the SECRET_KEY with this id: 0 the current one, 1 the first fallback; None if it is not in use."""
    ids = [_id_of(key) for key in _installation_keys()]
    return ids.index(key_id) if key_id in ids else None


def secret_key_index_of_encrypted(token: str) -> int | None:
    """The index of the SECRET_KEY that decrypts a text, as in `secret_key_index_of_id`."""
    for position, fernet in enumerate(_fernets()):
        try:
            fernet.decrypt(token.encode())
        except InvalidToken:
            continue
        return position
    return None


def encrypt(text: str) -> str:
    """Encrypt a private key for storing."""
    return _fernet().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The decrypted text. UnreadableSecret if its SECRET_KEY is neither the current one nor a fallback."""
    try:
        return _fernet().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UnreadableSecret("This private key was encrypted under another SECRET_KEY.") from error


def derived_keys(purpose: str) -> list[bytes]:
    """Keys of 256 bits for one purpose, derived from `SECRET_KEY` and each fallback, the current one first."""
    message = f"roster.{purpose}".encode()
    return [hmac.new(key.encode(), message, hashlib.sha256).digest() for key in _installation_keys()]


def _installation_keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _keyed_hash(secret: str, key: str) -> str:
    return hmac.new(b"roster.ApiKey:" + key.encode(), secret.encode(), hashlib.sha256).hexdigest()


def _id_of(key: str) -> str:
    return hmac.new(key.encode(), b"roster.id of this key", hashlib.sha256).hexdigest()[:8]


def _fernets() -> list[Fernet]:
    derived = (hashlib.sha256(b"roster.ApiKey.private:" + key.encode()).digest() for key in _installation_keys())
    return [Fernet(base64.urlsafe_b64encode(key)) for key in derived]


def _fernet() -> MultiFernet:
    return MultiFernet(_fernets())


def no_password() -> str:
    """An unusable password like that of Django's `make_password(None)`, but computed in a tenth of the time."""
    return f"{UNUSABLE_PASSWORD_PREFIX}{token_urlsafe(30)}"
