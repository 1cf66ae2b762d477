"""What a deep linking request of a learning platform asks for (LTI Deep Linking 2.0, section 2.2.1)."""

from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import ValidationError

from lti import claims
from lti.core.reachable import reachable
from lti.tool.errors import LaunchRefused

MAX_URL_LENGTH = 4096
MAX_DATA_BYTES = 16 * 1024


@dataclass(frozen=True)
class DeepLinkingSettings:
    """The settings that an answer needs."""

    return_url: str
    """Where the browser posts the answer."""
    answered_claims: dict[str, Any]
    """The claims of the request that stand in the answer too: `data`, if the platform sent it."""


def settings_in(message: dict[str, Any]) -> DeepLinkingSettings:
    """The settings of a deep linking request. LaunchRefused for one that cannot be answered from here."""
    settings = message.get(claims.DEEP_LINKING_SETTINGS)
    if not isinstance(settings, dict):
        raise LaunchRefused(400, "The learning platform’s message is refused: deep_linking_settings is missing.")
    url = settings.get("deep_link_return_url")
    try:
        reachable(url)
    except ValidationError as error:
        raise LaunchRefused(400, f"deep_link_return_url: {' '.join(error.messages)}") from error
    if len(str(url)) > MAX_URL_LENGTH:
        raise LaunchRefused(400, f"deep_link_return_url has more than {MAX_URL_LENGTH} characters.")
    accepted = settings.get("accept_types")
    if not isinstance(accepted, list) or claims.RESOURCE_LINK_ITEM not in accepted:
        raise LaunchRefused(
            400, "accept_types: the learning platform takes no LTI links here, and this server offers nothing else."
        )
    given = {claims.DATA: settings["data"]} if "data" in settings else {}
    try:
        length = len(orjson.dumps(given))
    except TypeError as error:  # nested too deeply, or a number or character that not every program reads
        raise LaunchRefused(400, "data is no JSON value that this server can send back.") from error
    if length > MAX_DATA_BYTES:
        raise LaunchRefused(400, f"data has more than {MAX_DATA_BYTES // 1024} kB.")
    return DeepLinkingSettings(str(url), given)
