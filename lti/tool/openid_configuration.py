"""The OpenID configuration of a learning platform, as LTI Dynamic Registration extends it."""

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from lti import claims
from lti.core.reachable import reachable
from lti.core.web_origin import web_origin
from lti.tool.errors import LaunchRefused
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.texts import is_lms_id, truncate
from roster.names import search_key

ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint")


def configuration_at(url: str) -> dict[str, Any]:
    """The OpenID configuration at a URL. LaunchRefused if its issuer is on another host."""
    answer = fetch_from_platform("GET", url)
    if answer.status != 200:
        raise LaunchRefused(502, f"There is no OpenID configuration at this address (status {answer.status}).")
    found = json_of(answer)
    if not isinstance(found, dict):
        raise LaunchRefused(502, "What stands at this address is no OpenID configuration.")
    for name in ENDPOINTS:
        try:
            reachable(found.get(name))
        except ValidationError as error:
            raise LaunchRefused(502, f"{name} of the OpenID configuration: {' '.join(error.messages)}") from error
    if web_origin(found["issuer"]) != web_origin(url):
        raise LaunchRefused(502, "The OpenID configuration speaks for an issuer of another host.")
    return found


def audience_in(configuration: dict[str, Any]) -> str:
    """The audience of assertions for a platform, if it is not the token endpoint; else `""`."""
    audience = configuration.get("authorization_server")
    return audience if is_lms_id(audience) else ""


def platform_name(configuration: dict[str, Any]) -> str:
    """The name of a new platform: its product and host."""
    described = configuration.get(claims.PLATFORM_CONFIGURATION)
    product = truncate(described.get("product_family_code"), 40) if isinstance(described, dict) else ""
    host = urlsplit(configuration["issuer"]).netloc
    return f"{product} at {host}"[:200] if search_key(product).strip() else host[:200]
