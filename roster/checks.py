"""System checks of the settings, with ids, so that a mistake stops the start and not a request.

docs/settings.md lists them. What is unsafe is an error, but for the demo on one's own machine.
"""

import ipaddress
import zoneinfo
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register

from roster.api.addresses import UNIX, parse

SETTINGS = "settings"
"""The tag of these checks: `manage.py check --tag settings`."""

SHORTEST_SECRET_KEY = 50
FEWEST_CHARACTERS = 16
"""How many different characters a secret key of random ones has at the very least."""


@register(SETTINGS)
def check_zones(**kwargs: Any) -> list[CheckMessage]:
    """roster.E001: a time zone that does not exist."""
    return [
        Error(
            f"{name} is {getattr(settings, name)!r}, which is no time zone.",
            hint="America/New_York is one.",
            id="roster.E001",
        )
        for name in ("TIME_ZONE", "WIRE_TIME_ZONE")
        if getattr(settings, name) not in zoneinfo.available_timezones()
    ]


@register(SETTINGS)
def check_proxies(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E002: a trusted proxy that is no network; roster.E003: one that is everybody."""
    for proxy in settings.TRUSTED_PROXIES:
        try:
            network = None if proxy == UNIX else ipaddress.ip_network(proxy)
        except ValueError:
            yield Error(
                f"TRUSTED_PROXIES has {proxy!r}, which is no address and no network.",
                hint=f"Write 10.0.0.7, 10.0.0.0/24, 2001:db8::/64, or {UNIX} for a proxy on a Unix socket.",
                id="roster.E002",
            )
        else:
            if network is not None and network.prefixlen == 0:
                yield Error(
                    f"TRUSTED_PROXIES has {proxy!r}: anybody could claim any address, and keys bound to one are open.",
                    hint="Name the addresses of your own proxies only.",
                    id="roster.E003",
                )


@register(SETTINGS)
def check_hosts(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E004: no host; roster.E005: any host; roster.E006: a demo that others could reach."""
    hosts = settings.ALLOWED_HOSTS
    if not hosts:
        yield Error(
            "ALLOWED_HOSTS is empty, so that every request is refused.",
            hint="Name what this site is called: ALLOWED_HOSTS=roster.example.edu",
            id="roster.E004",
        )
    elif settings.DEMO and not all(is_loopback(host) for host in hosts):
        strangers = ", ".join(host for host in hosts if not is_loopback(host))
        yield Error(
            f"DEMO is on, and ALLOWED_HOSTS has {strangers}: others could reach it.",
            hint="The demo is for one's own machine. Remove DEMO=true (from .env too) to serve others.",
            id="roster.E006",
        )
    elif "*" in hosts:
        yield Error(
            "ALLOWED_HOSTS has '*': the site would answer to any name that a request makes up.",
            hint="Name what this site is called: ALLOWED_HOSTS=roster.example.edu",
            id="roster.E005",
        )


@register(SETTINGS)
def check_secret_keys(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E007: a secret key that can be guessed. The value is never shown."""
    if settings.DEMO:
        return
    keys = {"SECRET_KEY": [settings.SECRET_KEY], "SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS}
    for name, values in keys.items():
        if any(is_guessable(value) for value in values):
            yield Error(
                f"{name} can be guessed: it is short, repeats itself or comes from a template.",
                hint=f"Use {SHORTEST_SECRET_KEY} random characters or more: `.venv/bin/python -m config.dotenv` does.",
                id="roster.E007",
            )


@register(SETTINGS)
def check_https(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E008: plain HTTP for others than this machine."""
    is_reached = not all(is_loopback(host) for host in settings.ALLOWED_HOSTS)
    if not settings.HTTPS and not settings.DEMO and is_reached:
        yield Error(
            "HTTPS is off: keys, passwords and rosters would travel in the clear.",
            hint="Remove HTTPS=false. Behind a proxy that ends TLS, name that proxy in TRUSTED_PROXIES.",
            id="roster.E008",
        )


@register(SETTINGS)
def check_origins(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E009: an origin of CORS_ALLOWED_ORIGINS that is none, or is everybody."""
    for origin in settings.CORS_ALLOWED_ORIGINS:
        if not is_origin(origin):
            yield Error(
                f"CORS_ALLOWED_ORIGINS has {origin!r}, which is no origin.",
                hint="List each by scheme and host, without a path: https://portal.example.edu",
                id="roster.E009",
            )


@register(SETTINGS)
def check_key_in_query(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W001: keys in URLs."""
    if settings.KEY_IN_QUERY:
        yield checks.Warning(
            "KEY_IN_QUERY is on: keys in URLs end up in the logs of proxies and in browser histories.",
            hint="Let clients send the X-Engage-Api-Key header, then remove KEY_IN_QUERY.",
            id="roster.W001",
        )


@register(SETTINGS, deploy=True)
def check_proxy_is_named(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W002: HTTPS without a proxy that says which requests came by it. Only `check --deploy` looks."""
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield checks.Warning(
            "HTTPS is on and TRUSTED_PROXIES is empty: behind a proxy, each request is redirected to https forever.",
            hint="Name the proxy: TRUSTED_PROXIES=127.0.0.1. Without any proxy, let gunicorn itself speak TLS.",
            id="roster.W002",
        )


def is_loopback(host: str) -> bool:
    """Is this a name or address of the machine itself?"""
    address = parse(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def is_guessable(key: str) -> bool:
    """Is this secret key short, or of few characters, or one that templates come with?"""
    is_template = key.startswith("django-insecure-") or "change" in key.lower()
    return len(key) < SHORTEST_SECRET_KEY or len(set(key)) < FEWEST_CHARACTERS or is_template


def is_origin(text: str) -> bool:
    """Is this a scheme and a host, with a port perhaps, and nothing else?"""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (ValueError for what is no port)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and text == f"{parts.scheme}://{parts.netloc}" and "*" not in text
