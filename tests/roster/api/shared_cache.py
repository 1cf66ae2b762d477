"""A shared HTTP cache that keeps all that RFC 9111 lets it keep, in front of the site."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

DAY = 24 * 3600
HEURISTIC_STATUSES = {200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501}
"""Kept for as long as a cache likes when no header forbids it (RFC 9110, section 15.1)."""


@dataclass(frozen=True)
class Stored:
    """An answer that the cache keeps, with what the request had of the headers that the answer depends on."""

    response: Any
    varies: dict[str, str | None]
    must_ask_first: bool
    """Must it be validated by the site before each use (no-cache)?"""


@dataclass
class SharedCache:
    """Asks the site what it does not have. `hits` are the URLs that it answered by itself."""

    stored: dict[str, list[Stored]] = field(default_factory=dict)
    hits: list[str] = field(default_factory=list)

    def get(self, url: str, headers: dict[str, str], cookies: dict[str, str]) -> Any:
        sent = {**headers, **({"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} if cookies else {})}
        sent = {name.lower(): value for name, value in sent.items()}
        for kept in self.stored.get(url, []):
            if not kept.must_ask_first and all(sent.get(name) == value for name, value in kept.varies.items()):
                self.hits.append(url)
                return kept.response
        response = ask_site(url, headers, cookies)
        new = self.keep(sent, response)
        if new is not None:
            self.stored.setdefault(url, []).append(new)
        return response

    def keep(self, sent: dict[str, str], response: Any) -> Stored | None:
        """What to keep of an answer, as far as it may be kept at all (RFC 9111, section 3)."""
        says = directives(response.headers.get("Cache-Control", ""))
        names = [name.strip().lower() for name in response.headers.get("Vary", "").split(",") if name.strip()]
        if {"no-store", "private"} & says.keys() or "*" in names:
            return None
        shares_it = {"public", "s-maxage", "must-revalidate"} & says.keys()
        if "authorization" in sent and not shares_it:
            return None
        has_lifetime = {"public", "max-age", "s-maxage"} & says.keys() or "Expires" in response.headers
        if not (has_lifetime or response.status_code in HEURISTIC_STATUSES):
            return None
        is_stale = (says.get("s-maxage") or says.get("max-age") or str(DAY)) == "0"
        return Stored(response, {name: sent.get(name) for name in names}, "no-cache" in says or is_stale)


def ask_site(url: str, headers: dict[str, str], cookies: dict[str, str]) -> Any:
    client = Client(raise_request_exception=False)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client.get(url, headers=headers)


def directives(header: str) -> dict[str, str]:
    """Cache-Control as names and values, in lower case."""
    parts = (part.strip().lower().partition("=") for part in header.split(",") if part.strip())
    return {name: value.strip('"') for name, _, value in parts}
