"""Which URLs of another site are used."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from lti.validators import validate_url


def reachable(url: Any) -> str:
    """A URL of another site that this server or a browser may be sent to. ValidationError for any other.

    With HTTPS on, only https is accepted; plain http and this machine are for development.
    """
    validate_url(url)
    if settings.HTTPS and urlsplit(url).scheme != "https":
        raise ValidationError(f"{url} does not begin with https://.")
    return str(url)
