"""System checks of the settings, with ids: a wrong setting prevents the start instead of failing in a request.

docs/settings.md lists them. An unsafe setting is an error, except in the demo on a local machine.
"""

import ipaddress
import zoneinfo
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from gunicorn.config import Config

from roster.api.client_address import UNIX_SOCKET, parse_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SETTINGS_TAG = "settings"
"""The tag of these checks: `manage.py check --tag settings`."""

PRIVATE = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8"),
        *("fc00::/7", "fe80::/10", "::1/128"),
    )
)
"""Networks whose addresses are not used on the internet."""

MAX_PROXIES = {4: 2**24, 6: 2**112}
"""Maximum number of public addresses of all proxies, by IP version: the size of a /8 network, for IPv6 of a /16."""

REGISTRIES = frozenset(
    (
        *("ac", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "govt", "ltd", "mil"),
        *("ne", "net", "nhs", "nom", "or", "org", "plc", "sch", "school"),
    )
)
"""Second-level labels under which a country's registry assigns names: co.uk, edu.au, ac.jp."""

MAX_SESSION = 7 * 24 * 3600
"""Maximum session length in seconds: a person who has left the campus is signed out after at most this time."""

MAX_RUN = 7
"""Maximum number of consecutive characters in alphabetical order in a random key."""

MIN_SECRET_KEY_LENGTH = 50
MIN_CHARACTERS = 16
"""Minimum number of different characters in a random secret key."""


@register(SETTINGS_TAG)
def check_zones(**kwargs: Any) -> list[CheckMessage]:
    """roster.E001: a time zone that does not exist."""
    return [
        Error(
            f"{name} is {getattr(settings, name)!r}, which is not a time zone.",
            hint="Use a name such as America/New_York.",
            id="roster.E001",
        )
        for name in ("TIME_ZONE", "WIRE_TIME_ZONE")
        if getattr(settings, name) not in zoneinfo.available_timezones()
    ]


@register(SETTINGS_TAG)
def check_proxies(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E002: a trusted proxy that is not a network; roster.E003: proxies that include much of the internet."""
    networks: list[Network] = []
    for proxy in settings.TRUSTED_PROXIES:
        try:
            network = None if proxy == UNIX_SOCKET else ipaddress.ip_network(proxy)
        except ValueError:
            yield Error(
                f"TRUSTED_PROXIES has {proxy!r}, which is neither an address nor a network.",
                hint=f"Write 10.0.0.7, 10.0.0.0/24, 2001:db8::/64, or {UNIX_SOCKET} for a proxy on a Unix socket.",
                id="roster.E002",
            )
        else:
            networks += [] if network is None else [network]
    if are_everybody(networks):
        yield Error(
            "TRUSTED_PROXIES covers much of the internet: any caller could claim any address, so keys bound to an "
            "address could be used from everywhere.",
            hint="List only the addresses of your own proxies.",
            id="roster.E003",
        )


@register(SETTINGS_TAG)
def check_hosts(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E004: no host; roster.E005: any host; roster.E006: a demo that others could reach."""
    hosts = settings.ALLOWED_HOSTS
    if not hosts:
        yield Error(
            "ALLOWED_HOSTS is empty, so that every request is refused.",
            hint="Set the host name of this site: ALLOWED_HOSTS=roster.example.edu",
            id="roster.E004",
        )
    elif settings.DEMO and (unknown := [f"ALLOWED_HOSTS has {host}" for host in hosts if not is_loopback(host)]):
        yield Error(
            f"DEMO is on, and {', '.join(unknown)}: other machines could reach it.",
            hint="The demo is for a local machine only. Remove DEMO=true (also from .env) to serve other machines.",
            id="roster.E006",
        )
    elif settings.DEMO and (open_to_all := [bind for bind in binds() if not is_bound_here(bind)]):
        yield Error(
            f"DEMO is on, and BIND is {open_to_all[0]}: other machines could reach it, under any host name.",
            hint="The demo is for a local machine only. Remove DEMO=true (also from .env) to serve other machines.",
            id="roster.E006",
        )
    elif wide := [host for host in hosts if host == "*" or (host.startswith(".") and is_of_many(host[1:]))]:
        yield Error(
            f"ALLOWED_HOSTS has {wide[0]!r}: the site would accept host names that are not yours.",
            hint="Set the host name of this site: ALLOWED_HOSTS=roster.example.edu",
            id="roster.E005",
        )


@register(SETTINGS_TAG)
def check_secret_keys(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E007: a secret key that can be guessed. The value is never shown."""
    if settings.DEMO:
        return
    keys = {"SECRET_KEY": [settings.SECRET_KEY], "SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS}
    for name, values in keys.items():
        if any(is_guessable(value) for value in values):
            yield Error(
                f"{name} can be guessed: it is short, repetitive or from a template.",
                hint=f"Use at least {MIN_SECRET_KEY_LENGTH} random characters, "
                "as `.venv/bin/python -m config.dotenv` creates.",
                id="roster.E007",
            )


@register(SETTINGS_TAG, deploy=True)
def check_secret_keys_are_random(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E010: a secret key that is not random, such as one from a public repository."""
    for name, values in {
        "SECRET_KEY": [settings.SECRET_KEY],
        "SECRET_KEY_FALLBACKS": settings.SECRET_KEY_FALLBACKS,
    }.items():
        if any(has_run(value) for value in values):
            yield Error(
                f"{name} has characters in alphabetical order: it is not random, and may be published.",
                hint="Create one: python -c 'import secrets; print(secrets.token_urlsafe(48))'",
                id="roster.E010",
            )


@register(SETTINGS_TAG)
def check_sessions(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E011: sessions that last too long."""
    if settings.SESSION_COOKIE_AGE > MAX_SESSION:
        yield Error(
            f"SESSION_HOURS is {settings.SESSION_COOKIE_AGE // 3600}: browsers stay signed in for too long.",
            hint=f"At most {MAX_SESSION // 3600} hours, a week, are allowed; 12 are usual.",
            id="roster.E011",
        )


@register(SETTINGS_TAG)
def check_https(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E008: HTTP without TLS where other machines can connect."""
    is_reached = not all(is_loopback(host) for host in settings.ALLOWED_HOSTS) or not all(map(is_bound_here, binds()))
    if not settings.HTTPS and not settings.DEMO and is_reached:
        yield Error(
            "HTTPS is off: keys, passwords and rosters would be sent unencrypted.",
            hint="Remove HTTPS=false. Behind a proxy that terminates TLS, list that proxy in TRUSTED_PROXIES.",
            id="roster.E008",
        )


@register(SETTINGS_TAG)
def check_origins(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E009: an entry of CORS_ALLOWED_ORIGINS that is not an origin, allows all origins, or is without https."""
    for origin in settings.CORS_ALLOWED_ORIGINS:
        if not is_origin(origin) or is_plain(origin):
            yield Error(
                f"CORS_ALLOWED_ORIGINS has {origin!r}, which is not an origin, or is without https.",
                hint="Write each as https and host, without a path: https://portal.example.edu",
                id="roster.E009",
            )


@register(SETTINGS_TAG)
def check_form_origins(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.E012: an origin in CSRF_TRUSTED_ORIGINS that others can own."""
    for origin in settings.CSRF_TRUSTED_ORIGINS:
        host = origin.partition("://")[2]
        below = host.removeprefix("*.")
        is_wide = is_of_many(below) and not is_loopback(urlsplit(origin).hostname or "")
        if "*" in below or is_wide or is_plain(origin):
            yield Error(
                f"CSRF_TRUSTED_ORIGINS has {origin!r}: other sites could submit forms of the admin from there.",
                hint="List only your own origins, as https and host: https://roster.example.edu",
                id="roster.E012",
            )


@register(SETTINGS_TAG, deploy=True)
def check_database(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W003: a connection to a database on another machine that may be unencrypted."""
    database = settings.DATABASES["default"]
    host = database.get("HOST", "")
    is_remote = bool(host) and not host.startswith("/") and not is_loopback(host)
    if is_remote and database.get("OPTIONS", {}).get("sslmode") not in {"require", "verify-ca", "verify-full"}:
        yield checks.Warning(
            "DATABASE_URL names another machine without sslmode: the password and the roster may be sent unencrypted.",
            hint="Add ?sslmode=verify-full (or require, on a private network).",
            id="roster.W003",
        )


@register(SETTINGS_TAG, deploy=True)
def check_log(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W004: a log without failed sign-ins."""
    if settings.LOG_LEVEL in {"ERROR", "CRITICAL"}:
        yield checks.Warning(
            f"LOG_LEVEL is {settings.LOG_LEVEL}: failed sign-ins, as in an attack on passwords, are not logged.",
            hint="WARNING logs failed sign-ins, but not each request.",
            id="roster.W004",
        )


@register(SETTINGS_TAG)
def check_key_in_query(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W001: keys in URLs."""
    if settings.KEY_IN_QUERY:
        yield checks.Warning(
            "KEY_IN_QUERY is on: keys in URLs are stored in the logs of proxies and in browser histories.",
            hint="Change clients to send the X-Engage-Api-Key header, then remove KEY_IN_QUERY.",
            id="roster.W001",
        )


@register(SETTINGS_TAG, deploy=True)
def check_proxy_is_named(**kwargs: Any) -> Iterator[CheckMessage]:
    """roster.W002: HTTPS without a trusted proxy that reports which requests used it. Only with `check --deploy`."""
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield checks.Warning(
            "HTTPS is on and TRUSTED_PROXIES is empty: behind a proxy, requests would be redirected endlessly.",
            hint="Set the proxy: TRUSTED_PROXIES=127.0.0.1. Without a proxy, configure TLS in gunicorn.",
            id="roster.W002",
        )


def is_loopback(host: str) -> bool:
    """Is this a name or an address of this machine itself (loopback)?"""
    address = parse_address(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def binds() -> list[str]:
    """Addresses that the server listens on, from BIND and GUNICORN_CMD_ARGS; "" means the default, 127.0.0.1."""
    given = Config()
    arguments, _ = given.parser().parse_known_args(given.get_cmd_args_from_env())
    return [*settings.BIND.split(","), *(arguments.bind or ())]


def is_bound_here(bind: str) -> bool:
    """Can only this machine connect to a server that listens there? "" means the default, 127.0.0.1."""
    return not bind or bind.startswith(("unix:", "fd://")) or is_loopback(bind.rpartition(":")[0].strip("[]"))


def is_of_many(domain: str) -> bool:
    """Is this a public suffix, under which others can register names: edu, co.uk, ac.jp?"""
    first, _, rest = domain.rpartition(".")
    return not first or (len(rest) == 2 and first in REGISTRIES)


def is_plain(origin: str) -> bool:
    """Is this an origin of another machine without https, although this site uses https?"""
    parts = urlsplit(origin)
    return settings.HTTPS and parts.scheme != "https" and not is_loopback(parts.hostname or "")


def are_everybody(networks: list[Network]) -> bool:
    """Do these networks together have more public addresses than `MAX_PROXIES`?"""
    for version, most in MAX_PROXIES.items():
        public = [
            network
            for network in networks
            if network.version == version
            and not any(network.version == private.version and network.subnet_of(private) for private in PRIVATE)  # type: ignore[arg-type]
        ]
        if sum(network.num_addresses for network in ipaddress.collapse_addresses(public)) > most:  # type: ignore[type-var,misc]
            return True
    return False


def has_run(key: str) -> bool:
    """Does this key contain a long sequence of characters in alphabetical order: 0123456789, abcdefghij?"""
    run = 0
    for before, after in pairwise(key):
        run = run + 1 if ord(after) == ord(before) + 1 else 0
        if run >= MAX_RUN:
            return True
    return False


def is_guessable(key: str) -> bool:
    """Is this secret key short, made of few different characters, or from a project template?"""
    is_template = key.startswith("django-insecure-") or "change" in key.lower()
    return len(key) < MIN_SECRET_KEY_LENGTH or len(set(key)) < MIN_CHARACTERS or is_template


def is_origin(text: str) -> bool:
    """Does this consist of a scheme, a host and optionally a port, and nothing else?"""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 (ValueError for an invalid port)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and text == f"{parts.scheme}://{parts.netloc}" and "*" not in text
