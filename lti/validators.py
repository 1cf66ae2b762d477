"""Validators of URLs and of custom parameters."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from roster.json_text import is_text


def validate_url(url: Any) -> None:
    """Accept https, and plain http on this machine only; no fragment, no password, nothing that cannot be printed."""
    if not isinstance(url, str) or any(char.isspace() or not char.isprintable() or char in '<>"\\' for char in url):
        raise ValidationError("A URL like https://tool.example.edu/launch is needed.")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as error:
        raise ValidationError(f"{url} is no URL.") from error
    is_here = host in {"localhost", "::1"} or host.startswith("127.")
    if not host or (parts.scheme != "https" and not (parts.scheme == "http" and is_here)):
        raise ValidationError(f"{url} does not begin with https://; plain http is for this machine's own address only.")
    if parts.fragment or parts.username is not None:
        raise ValidationError(f"{url} may have neither a #fragment nor a user name.")


def validate_redirect_urls(urls: Any) -> None:
    """Accept a list of URLs with at least one in it."""
    if not isinstance(urls, list) or not urls:
        raise ValidationError('Redirect URIs are a list: ["https://tool.example.edu/launch"].')
    for url in urls:
        validate_url(url)


def validate_custom(custom: Any) -> None:
    """Accept names with texts that every database can store."""
    if not isinstance(custom, dict) or not all(isinstance(value, str) for value in custom.values()):
        raise ValidationError('Custom parameters are texts by name: {"person": "$Person.name.full"}.')
    if not all(is_text(text) for pair in custom.items() for text in pair):
        raise ValidationError("A text has a character that cannot be stored.")
