"""Whose address a request comes from. A proxy's word counts only from the configured proxies."""

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's IP address; `""` when it is not known.

    Behind the proxies of `TRUSTED_PROXIES` it is the last address in X-Forwarded-For that is none of theirs. A
    connection over a Unix socket has no address: it is a proxy's when `unix` is listed.
    """
    address = request.META.get("REMOTE_ADDR", "").strip()
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and _is_trusted(address, tuple(settings.TRUSTED_PROXIES)):
        address = hops.pop()
    return _plain(address)


def _plain(address: str) -> str:
    """An IPv4 address that arrived on an IPv6 socket (`::ffff:192.0.2.1`), as IPv4."""
    return address[7:] if address.lower().startswith("::ffff:") and "." in address else address


@lru_cache(maxsize=1024)
def _is_trusted(address: str, proxies: tuple[str, ...]) -> bool:
    if not address:
        return "unix" in proxies
    try:
        parsed = ipaddress.ip_address(_plain(address))
    except ValueError:
        return False
    return any(parsed in ipaddress.ip_network(proxy) for proxy in proxies if proxy != "unix")
