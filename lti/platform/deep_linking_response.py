"""The LtiDeepLinkingResponse of a tool: its checks, and the resource links that it holds.

The checks that need no key come first, so that only a well-formed message makes this server fetch keys. The
specification is LTI Deep Linking 2.0, section 3, and the LTI 1EdTech Security Framework 1.1, section 5.2.
"""

import base64
import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import ADDITION, LogEntry
from django.core.exceptions import ValidationError
from django.db import transaction
from joserfc.errors import JoseError

from lti import claims, keys
from lti.core import urls
from lti.core.host_state import HostFailed
from lti.models import Context, ResourceLink, Tool, UsedNonce
from lti.platform.assertion import LEEWAY, signed_claims
from lti.platform.deep_linking import Parties, parties_of
from lti.platform.deep_linking_state import DATA, REQUEST_LIFETIME, DeepLinkingState, read_state
from lti.platform.tool_jwks import tool_keys
from lti.validators import validate_custom
from roster import json_text
from roster.json_text import is_text

MAX_ITEMS = 50
"""Content items of a response, at most."""

MAX_JWT_LENGTH = 1024 * 1024

MAX_ID_LENGTH = 255
"""Maximum characters of a nonce or key id."""

MAX_MESSAGE_LENGTH = 500
"""Characters of the tool's message to the person that are shown."""


class ResponseRefused(Exception):
    """A response is refused. The message, for the person at the browser, says why."""


@dataclass(frozen=True)
class DeepLinkingResponse:
    """A response that passed all checks but those of its items."""

    claims: dict[str, Any]
    state: DeepLinkingState
    parties: Parties


@dataclass(frozen=True)
class Stored:
    """What came of a response."""

    links: list[ResourceLink]
    ignored: dict[str, int]
    """The number of other content items, by type."""


def read_response(text: str, *, on: dt.datetime) -> DeepLinkingResponse:
    """The response that a tool sent by a browser, at the instant `on`. ResponseRefused if a check fails."""
    header, response = (parse_part(text, number) for number in (0, 1))
    kid = header.get("kid")
    if header.get("alg") not in keys.ALGORITHMS or not (kid is None or is_id(kid)):
        raise ResponseRefused("Its algorithm (alg) or key id (kid) is not one accepted here.")
    tool = Tool.objects.active().filter(client_id=response["iss"]).first() if is_id(response.get("iss")) else None
    if tool is None:
        raise ResponseRefused("No tool of this client id (iss) is active here.")
    check_claims(response, on=on)
    state = read_state(response.get(claims.DATA), DATA, on=on)
    parties = parties_of(state) if state else None
    if state is None or parties is None or not is_from(tool, response, parties):
        raise ResponseRefused(
            "It answers no request that was begun here in the last ten minutes (data, deployment_id), or you may no "
            "longer add links. Begin again on the organization’s page."
        )
    try:
        signed_claims(text, tool_keys(tool, kid, on=on))
    except HostFailed as error:
        raise ResponseRefused(f"The key set of this tool cannot be read. {error}") from error
    except JoseError as error:
        raise ResponseRefused("It is not signed with a key of this tool.") from error
    return DeepLinkingResponse(response, state, parties)


def parse_part(text: str, number: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a token whose signature is not checked yet."""
    parts = text.split(".") if len(text) <= MAX_JWT_LENGTH else []
    try:
        encoded = parts[number] if len(parts) == 3 else "-"
        part = json_text.parse(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode())
    except ValueError as error:
        raise ResponseRefused("The parameter JWT is missing, or no signed message of at most 1 MB.") from error
    if not isinstance(part, dict):
        raise ResponseRefused("The header and the claims of the message are to be JSON objects.")
    return part


def is_id(value: Any) -> bool:
    return is_text(value) and 0 < len(value) <= MAX_ID_LENGTH


def check_claims(response: dict[str, Any], *, on: dt.datetime) -> None:
    """ResponseRefused for claims that are invalid whatever the signature."""
    issuer, audience = urls.issuer(), response.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if issuer not in audiences:
        raise ResponseRefused("It is not for this platform (aud).")
    if response.get("azp", issuer) != issuer or (len(audiences) > 1 and "azp" not in response):
        raise ResponseRefused("It is not for this platform (azp).")
    if response.get(claims.MESSAGE_TYPE) != claims.DEEP_LINKING_RESPONSE:
        raise ResponseRefused(f"Its type (message_type) is not {claims.DEEP_LINKING_RESPONSE}.")
    if response.get(claims.VERSION) != claims.LTI_VERSION:
        raise ResponseRefused(f"Its version is not {claims.LTI_VERSION}.")
    if not is_id(response.get("nonce")):
        raise ResponseRefused(f"Its nonce is missing, or no text of up to {MAX_ID_LENGTH} characters.")
    if not all(claims.is_numeric_date(response.get(name)) for name in ("exp", "iat")):
        raise ResponseRefused("Its exp or iat is missing, or not in seconds.")
    if response["exp"] + LEEWAY <= on.timestamp() or response["iat"] > on.timestamp() + LEEWAY:
        raise ResponseRefused("It has expired (exp), or is from the future (iat).")


def is_from(tool: Tool, response: dict[str, Any], parties: Parties) -> bool:
    """Is a response of this tool, for the deployment that was asked?"""
    deployment = parties.deployment
    return deployment.tool_id == tool.pk and response.get(claims.DEPLOYMENT_ID) == deployment.deployment_id


def store_links(response: DeepLinkingResponse, *, on: dt.datetime) -> Stored:
    """Store the resource links of a response, all or none. ResponseRefused for a wrong item or a second use."""
    parties = response.parties
    items = response.claims.get(claims.CONTENT_ITEMS) or []
    if not isinstance(items, list) or len(items) > MAX_ITEMS:
        raise ResponseRefused(f"content_items: a list of at most {MAX_ITEMS} content items is accepted.")
    with transaction.atomic():
        context = Context.objects.of(parties.organization)
        made: list[ResourceLink] = []
        ignored: Counter[str] = Counter()
        for number, item in enumerate(items, 1):
            if not isinstance(item, dict) or not is_id(item.get("type")):
                raise ResponseRefused(f"content_items, item {number}: an object with a type is accepted.")
            if item["type"] != claims.RESOURCE_LINK_ITEM:
                ignored[item["type"]] += 1
                continue
            try:
                made.append(resource_link(item, parties, context))
            except ValidationError as error:
                raise ResponseRefused(f"content_items, item {number}: {reasons_of(error)}") from error
        nonce, until = response.claims["nonce"], on + REQUEST_LIFETIME
        is_new = UsedNonce.use("deep linking", parties.deployment.tool.client_id, nonce, until=until, on=on)
        if not is_new or not response.state.use(DATA, on=on):
            raise ResponseRefused("It was sent before. Begin again on the organization’s page to add more links.")
        for link in made:
            link.save()
        if made:
            LogEntry.objects.log_actions(parties.user.pk, made, ADDITION, change_message="Chosen in the tool.")
    return Stored(made, dict(sorted(ignored.items())))


def resource_link(item: dict[str, Any], parties: Parties, context: Context) -> ResourceLink:
    """The unsaved link of a content item. ValidationError for a wrong member.

    One without a title gets the name of the tool, because an untitled link is the one that the tool's own launch makes.
    """
    values = {name: item.get(name) or "" for name in ("title", "url")}
    wrong = {name: "A text is accepted." for name, value in values.items() if not is_text(value)}
    if wrong:
        raise ValidationError(wrong)
    custom = item.get("custom") or {}
    validate_custom_of_item(custom)
    link = ResourceLink(
        deployment=parties.deployment,
        context=context,
        title=" ".join(values["title"].split()) or parties.deployment.tool.name,
        target_link_url=values["url"],
        custom=custom,
    )
    try:
        link.clean_fields(exclude=("deployment", "context", "custom"))
    except ValidationError as error:
        names = {"target_link_url": "url"}
        raise ValidationError({names.get(name, name): texts for name, texts in error.message_dict.items()}) from error
    return link


def validate_custom_of_item(custom: Any) -> None:
    try:
        validate_custom(custom)
    except ValidationError as error:
        raise ValidationError({"custom": error.messages}) from error


def reasons_of(error: ValidationError) -> str:
    return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())


def message_in(response: DeepLinkingResponse) -> str:
    """What the tool says to the person, on one line; `""` for nothing."""
    texts = (response.claims.get(name) for name in (claims.ERROR_MESSAGE, claims.MESSAGE))
    lines = (" ".join(text.split()) for text in texts if is_text(text))
    return next((line[:MAX_MESSAGE_LENGTH] for line in lines if line), "")
