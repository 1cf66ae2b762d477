"""How a request shows a site who asks: the two generations of docs/keys.md.

Neither a key nor a hash is ever part of what is printed, logged or kept on disk.
"""

import hashlib
import time
import uuid
from dataclasses import dataclass, field
from typing import Protocol

DIGESTS = ("sha256", "sha512", "md5")


class SiteCredential(Protocol):
    """Something that a request carries to be let in."""

    def headers(self) -> dict[str, str]: ...

    def parameters(self) -> dict[str, str]: ...

    @property
    def fingerprint(self) -> str:
        """A text by which the same credential is known again. It holds secrets: hash it before keeping it."""


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
    """A pair of keys that signs each query anew."""

    public_key: str
    private_key: str = field(repr=False)
    digest: str = "sha256"
    address: str = ""
    """The address that the key is bound to, which stands in the hash and is sent along."""

    def headers(self) -> dict[str, str]:
        return {}

    def parameters(self) -> dict[str, str]:
        """What signs a query sent now."""
        now, random = str(time.time_ns() // 1_000_000), uuid.uuid4().hex
        text = f"{self.public_key}{self.address}{now}{random}{self.private_key}"
        signed = hashlib.new(self.digest, text.encode(), usedforsecurity=False).hexdigest()
        address = {"ip": self.address} if self.address else {}
        return {"apikey": self.public_key, "time": now, "random": random, "hash": signed, **address}

    @property
    def fingerprint(self) -> str:
        return f"{self.public_key}:{self.private_key}"
