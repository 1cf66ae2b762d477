"""The state of a deep linking request, which goes to the tool and comes back.

The server stores nothing until an answer comes. The text is encrypted, so that no tool learns anybody's id from it.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from lti.models import Deployment, UsedNonce
from organizations.models import Organization
from roster import secrets

REQUEST_LIFETIME = dt.timedelta(minutes=10)
"""How long staff may take from the button to the answer of the tool."""

HINT, DATA = "lti_message_hint", "data"
"""The two parameters that carry the state: to the authorization endpoint, and through the tool. Each is used once."""


@dataclass(frozen=True)
class DeepLinkingState:
    """Who lets which tool choose content, and where."""

    request_id: str
    user_id: int
    deployment: int
    """The primary key, as `organization` is."""
    organization: int
    begun: int
    """In epoch seconds."""

    @classmethod
    def new(
        cls, user_id: int, deployment: Deployment, organization: Organization, *, on: dt.datetime
    ) -> "DeepLinkingState":
        """The state of a request that begins at the instant `on`."""
        return cls(secrets.new_secret(), user_id, deployment.pk, organization.pk, int(on.timestamp()))

    def encrypted(self, parameter: str) -> str:
        """The text that stands in a parameter, and is read in no other."""
        return secrets.encrypt(orjson.dumps({"deep linking": parameter, **dataclasses.asdict(self)}).decode())

    def use(self, parameter: str, *, on: dt.datetime) -> bool:
        """Is this the first use of the parameter?"""
        return UsedNonce.use(f"deep linking {parameter}", self.request_id, until=on + REQUEST_LIFETIME, on=on)


def read_state(text: Any, parameter: str, *, on: dt.datetime) -> DeepLinkingState | None:
    """The state in a parameter; None for a text that is too old at the instant `on` or not from here."""
    try:
        content = orjson.loads(secrets.decrypt(text))
    except (ValueError, AttributeError):  # another text, or no text
        return None
    if not isinstance(content, dict) or content.pop("deep linking", None) != parameter:
        return None
    state = DeepLinkingState(**content)
    return state if on.timestamp() < state.begun + REQUEST_LIFETIME.total_seconds() else None
