"""The public keys of a tool: those listed with it, and those it publishes itself."""

import datetime as dt
import logging
from typing import Any

import httpx
import orjson
from joserfc.jwk import Key

from lti import keys
from lti.models import Tool

logger = logging.getLogger("lti.keys")

REMEMBERED = dt.timedelta(seconds=30)
"""How long a fetched key set is believed: a key that a tool takes down stops opening anything after that."""

TIMEOUT = 5.0
"""Seconds that a tool may take to show its keys."""

LARGEST = 256 * 1024
"""Bytes of the largest key set that is read."""


def keys_of(tool: Tool, *, on: dt.datetime) -> list[Key]:
    """The keys by which a tool may show who it is at the instant `on`."""
    listed = keys.readable({"keys": [listed_key(key) for key in tool.keys.in_force(on=on)]})
    return listed + (keys.readable(published(tool, on=on)) if tool.jwks_url else [])


def listed_key(key: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = {name: value for name, value in key.public_jwk.items() if name != "kid"}
    return {**jwk, "kid": key.kid} if key.kid else jwk


def published(tool: Tool, *, on: dt.datetime) -> Any:
    """The key set that a tool publishes; what was fetched a moment ago, or nothing when it cannot be had."""
    if tool.jwks_fetched_at and on - tool.jwks_fetched_at < REMEMBERED:
        return tool.jwks
    tool.remember_keys(fetch(tool.jwks_url), on=on)
    return tool.jwks


def fetch(url: str) -> Any:
    """The JSON at a URL; None when there is none. Redirects are not followed, and size and time are limited."""
    try:
        with httpx.stream("GET", url, timeout=TIMEOUT, headers={"Accept": "application/json"}) as response:
            response.raise_for_status()
            body = b""
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LARGEST:
                    raise ValueError("The key set is too large.")
            return orjson.loads(body)
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        logger.warning(
            "The key set of a tool could not be read: %s", type(error).__name__, extra={"fields": {"url": url}}
        )
        return None
