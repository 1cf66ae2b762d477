"""System checks of what LTI needs of the settings."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.urls)
def check_site_url(**kwargs: Any) -> list[CheckMessage]:
    """lti.E001: an issuer that tools could not use."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme == ("https" if settings.HTTPS else parts.scheme) and parts.scheme in {"http", "https"}:
        bare = f"{parts.scheme}://{parts.netloc}"
        if (
            parts.hostname
            and not parts.hostname.startswith(".")
            and "*" not in parts.netloc
            and bare == bare.lower()
            and bare == settings.SITE_URL
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
