"""The credentials of requests to a site: both kinds of keys in docs/keys.md.

Keys and hashes are never printed, logged or stored on disk.
"""

import hashlib
import time
import uuid
from dataclasses import dataclass, field
from typing import Protocol

DIGESTS = ("sha256", "sha512", "md5")


class SiteCredential(Protocol):
    """Adds a credential to requests."""

    def headers(self) -> dict[str, str]: ...

    def parameters(self) -> dict[str, str]: ...

    @property
    def fingerprint(self) -> str:
        """A text that identifies the credential. It contains secrets, so it must be hashed before it is stored."""


@dataclass(frozen=True)
class BearerCredential:
    """A key in a header."""

    key: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        return {"X-Engage-Api-Key": self.key}

    def parameters(self) -> dict[str, str]:
        return {}

    @property
    def fingerprint(self) -> str:
        return self.key


@dataclass(frozen=True)
class SignedCredential:
    """A pair of keys that signs each query."""

    public_key: str
    private_key: str = field(repr=False)
    digest: str = "sha256"
    address: str = ""
    """The address that the key is bound to, which is part of the hash and is sent too; `""` for none."""

    def headers(self) -> dict[str, str]:
        return {}

    def parameters(self) -> dict[str, str]:
        """The parameters that sign a query at the current time."""
        now, random = str(time.time_ns() // 1_000_000), uuid.uuid4().hex
        text = f"{self.public_key}{self.address}{now}{random}{self.private_key}"
        signed = hashlib.new(self.digest, text.encode(), usedforsecurity=False).hexdigest()
        address = {"ip": self.address} if self.address else {}
        return {"apikey": self.public_key, "time": now, "random": random, "hash": signed, **address}

    @property
    def fingerprint(self) -> str:
        return f"{self.public_key}:{self.private_key}"
