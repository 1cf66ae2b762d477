"""The address that a request comes from. Forwarded headers are used only from the configured proxies."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

UNIX_SOCKET = "unix"
"""The entry of `TRUSTED_PROXIES` for proxies that connect over a Unix socket and so have no address."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """The caller's IP address; `""` when it is not known.

    Behind the proxies of `TRUSTED_PROXIES` it is the last address in X-Forwarded-For that is not one of theirs.
    """
    hop = request.META.get("REMOTE_ADDR", "")
    hops = [hop for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    while hops and is_trusted_proxy(hop):
        hop = hops.pop()
    address = parse_address(hop)
    return "" if address is None else str(address)


def rate_limit_subject(address: str) -> str:
    """The subject under which requests of an address are counted: the address, or for IPv6 its /64 network.

    A single machine may have a whole /64 network, and may use a new address for each request.

    >>> rate_limit_subject("2001:db8::7")
    '2001:db8::/64'
    """
    parsed = parse_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return "" if parsed is None else str(parsed)


def is_trusted_proxy(hop: str) -> bool:
    """Is this address, `""` for a Unix socket, one of the configured proxies?"""
    return _is_among(hop.strip(), tuple(settings.TRUSTED_PROXIES))


@lru_cache(maxsize=1024)
def parse_address(text: str) -> Address | None:
    """Parse an address from a header or a socket: with a port, in brackets, or IPv4-mapped. None if it is invalid.

    >>> parse_address("[::ffff:192.0.2.1]:443")
    IPv4Address('192.0.2.1')
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


class ForwardedHeaders:
    """Middleware that drops forwarded headers from untrusted peers, so that nothing later uses them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_trusted_proxy(request.META.get("REMOTE_ADDR", "")):
            for name in ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO"):
                request.META.pop(name, None)
        return self.get_response(request)


@lru_cache(maxsize=1024)
def _is_among(hop: str, proxies: tuple[str, ...]) -> bool:
    if not hop:
        return UNIX_SOCKET in proxies
    address = parse_address(hop)
    networks = (ipaddress.ip_network(proxy) for proxy in proxies if proxy != UNIX_SOCKET)
    return address is not None and any(address in network for network in networks)
