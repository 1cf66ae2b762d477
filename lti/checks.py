"""System checks of the settings that LTI needs."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import Error as DatabaseError
from django.utils import timezone

from lti.models import PlatformKey
from roster import secrets
from roster.checks import SETTINGS_TAG
from roster.models import ApiKey


@register(Tags.urls)
def check_site_url(**kwargs: Any) -> list[CheckMessage]:
    """lti.E001: SITE_URL is not a valid issuer."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme == ("https" if settings.HTTPS else parts.scheme) and parts.scheme in {"http", "https"}:
        origin = f"{parts.scheme}://{parts.netloc}"
        if (
            parts.hostname
            and not parts.hostname.startswith(".")
            and "*" not in parts.netloc
            and origin == origin.lower()
            and origin == settings.SITE_URL
        ):
            return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL!r}. It is the address of this site without a path, in lower case"
            f"{', and begins with https://' if settings.HTTPS else ''}.",
            hint="https://roster.example.edu is one. Left out, it is made from the first of ALLOWED_HOSTS.",
            id="lti.E001",
        )
    ]


@register(SETTINGS_TAG)
def check_ltik_in_query(**kwargs: Any) -> list[CheckMessage]:
    """lti.W001: ltiks in URLs."""
    if not settings.LTIK_IN_QUERY:
        return []
    return [
        checks.Warning(
            "LTIK_IN_QUERY is on: ltiks in URLs end up in the logs of proxies.",
            hint="Let tools send “Authorization: LTIK-AUTH-V2 API_KEY:LTIK”, then remove LTIK_IN_QUERY.",
            id="lti.W001",
        )
    ]


@register(Tags.security, deploy=True)
def check_stored_secrets(**kwargs: Any) -> list[CheckMessage]:
    """lti.E002, roster.W005: secrets that depend on a SECRET_KEY that is not in use. Nothing without a database."""
    try:
        lost = list(lost_keys())
        keys = [key for key in ApiKey.objects.in_force(on=timezone.now()) if is_lost(key)]
    except DatabaseError:
        return []
    found: list[CheckMessage] = [
        Error(
            sentence,
            hint="Put that key into SECRET_KEY_FALLBACKS, or run manage.py rotate_lti_key.",
            id="lti.E002",
        )
        for sentence in lost
    ]
    if keys:
        found.append(
            checks.Warning(
                f"{len(keys)} API keys depend on a SECRET_KEY that is not in use any more, {keys[0]} among them.",
                hint="Put it into SECRET_KEY_FALLBACKS; manage.py list_secret_key_uses names them.",
                id="roster.W005",
            )
        )
    return found


def lost_keys() -> Iterator[str]:
    """A message if the key that signs for tools cannot be read. `/readyz` warns of it too."""
    for key in PlatformKey.objects.filter(signs=True):
        if secrets.secret_key_index_of_encrypted(key.private_key_encrypted) is None:
            yield "The LTI key was encrypted under a SECRET_KEY that is not in use any more: no tool can be launched."


def is_lost(key: ApiKey) -> bool:
    """Can the secret of this key no longer be checked?"""
    if key.kind == ApiKey.Kind.SIGNED:
        return secrets.secret_key_index_of_encrypted(key.private_key_encrypted) is None
    return bool(key.secret_key_id) and secrets.secret_key_index_of_id(key.secret_key_id) is None
