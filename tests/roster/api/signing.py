"""Signed queries as clients of the vendor make them."""

import datetime as dt
import hashlib
from dataclasses import dataclass

from roster import days
from roster.models import ApiKey
from tests.client import Answer, ask

NOW = dt.datetime(2026, 11, 22, 12, 0, 0, 250_000, tzinfo=dt.UTC)
"""The time of the authentication clock in these tests."""

ADDRESS = "192.0.2.7"
"""The client's address, in the header of the proxy."""


@dataclass(frozen=True)
class Signer:
    """A client program with its pair of keys."""

    public_key: str
    private_key: str

    def parameters(
        self,
        digest: str = "sha256",
        *,
        address: str = "",
        sent_as: str | None = None,
        off: int = 0,
        random: str = "b7f3",
    ) -> dict[str, str]:
        """The parameters of a query signed with `address` in the hash, `off` milliseconds from the server's clock."""
        time = str(days.milliseconds(NOW) + off)
        text = f"{self.public_key}{address}{time}{random}{self.private_key}"
        hashed = hashlib.new(digest, text.encode()).hexdigest()
        sent = {sent_as: address} if sent_as else {}
        return {"apikey": self.public_key, "time": time, "random": random, "hash": hashed, **sent}

    def ask(self, path: str, parameters: dict[str, str], *, address: str = ADDRESS) -> Answer:
        return ask(None, path, headers={"X-Forwarded-For": address}, **parameters)


def signer(**fields: object) -> Signer:
    """A new client with a signed-query key of the campus audience."""
    key, private_key = ApiKey.create_signed("Old portal", **{"audience": "campus", **fields})
    return Signer(key.prefix, private_key)
