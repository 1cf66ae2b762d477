"""The public keys of a tool: those stored with it, and those in the key set that it publishes."""

import datetime as dt
from typing import Any

from joserfc.jwk import Key

from lti import keys
from lti.core import jwks
from lti.models import Tool

JWKS_MAX_AGE = dt.timedelta(seconds=30)
"""How long a fetched key set is used: a key that a tool removes is refused after that."""


def tool_keys(tool: Tool, kid: str | None, *, on: dt.datetime) -> list[Key]:
    """The keys by which a tool may have signed a token of this key id at the instant `on`.

    HostFailed if its published key set is needed and cannot be fetched.
    """
    listed = keys.readable({"keys": [listed_key(key) for key in tool.keys.in_force(on=on)]})
    if not tool.jwks_url or (kid and any(key.kid == kid for key in listed)):
        return keys.keys_by_id(listed, kid)
    published = jwks.cached_jwks(tool, tool.jwks_url, kid=kid, max_age=JWKS_MAX_AGE, host_label="The tool", on=on)
    return keys.keys_by_id(listed + keys.readable(published), kid)


def listed_key(key: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = {name: value for name, value in key.public_jwk.items() if name != "kid"}
    return {**jwk, "kid": key.kid} if key.kid else jwk
