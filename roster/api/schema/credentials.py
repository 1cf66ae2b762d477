"""The OpenAPI security schemes: one for each kind of credential."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension

from roster.api.authentication import KEY_PARAMETER
from roster.api.views import RosterViewSet

_SIGNED = {
    "apikey": "The public key.",
    "time": "Now, in epoch milliseconds: 13 digits, within 30 seconds of the server's clock.",
    "random": "Any text.",
    "hash": "Hex digest of apikey + address + time + random + private key, without separators, by SHA-256 or SHA-512; "
    "by MD5 only if the key allows it. The address is part of it if the key is bound to one, or if it is sent.",
    "ip": "The caller's own address, for clients that send it.",
    "ipaddress": "The same, under the name that other clients use.",
}
_BASE = ("apikey", "time", "random", "hash")

SCHEMES: dict[str, dict[str, Any]] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "`Authorization: Bearer KEY`."},
    "engageKey": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Engage-Api-Key",
        "description": "The same key in the header that Engage clients send.",
    },
    **{
        f"signed_{name}": {"type": "apiKey", "in": "query", "name": name, "description": f"For signed queries. {text}"}
        for name, text in _SIGNED.items()
    },
}
KEY_IN_QUERY = {
    "type": "apiKey",
    "in": "query",
    "name": KEY_PARAMETER,
    "description": "The key in the URL, where it may be stored in logs. This campus allows it.",
}


def _signed(*names: str) -> dict[str, list[str]]:
    return {f"signed_{name}": [] for name in names}


class KeyScheme(OpenApiAuthenticationExtension):
    """A key in a header or, where the campus allows it, in the URL; or a signed query."""

    target_class = "roster.api.authentication.KeyAuthentication"

    @property
    def name(self) -> list[str]:
        return list(self._schemes())

    def get_security_definition(self, auto_schema: Any) -> Any:
        return list(self._schemes().values())

    def get_security_requirement(self, auto_schema: Any) -> Any:
        """The alternatives: any one of these authenticates a caller."""
        in_query: list[dict[str, list[str]]] = [{"keyInQuery": []}] if settings.KEY_IN_QUERY else []
        signed = [_signed(*_BASE), _signed(*_BASE, "ip"), _signed(*_BASE, "ipaddress")]
        return [{"bearer": []}, {"engageKey": []}, *in_query, *signed]

    def _schemes(self) -> dict[str, dict[str, Any]]:
        return {**SCHEMES, "keyInQuery": KEY_IN_QUERY} if settings.KEY_IN_QUERY else SCHEMES


class SessionUserScheme(OpenApiAuthenticationExtension):
    """A person signed in to this site."""

    target_class = "roster.api.authentication.SessionUserAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> Any:
        text = "The session of a person signed in to this site, which a browser sends by itself."
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": text}


class AnonymousScheme(OpenApiAuthenticationExtension):
    """No credential, if the campus has a public API."""

    target_class = "roster.api.authentication.AnonymousAuthentication"
    name: list[str] = []

    def get_security_definition(self, auto_schema: Any) -> Any:
        return []

    def get_security_requirement(self, auto_schema: Any) -> Any:
        return {} if settings.PUBLIC_API and isinstance(auto_schema.view, RosterViewSet) else None
