"""The id_token of a launch. It discloses of the person exactly what the roster does (docs/lti/README.md)."""

import datetime as dt
import uuid
from typing import Any

from joserfc import jwt

from lti import claims, roles
from lti.core import custom_parameters, ltik_token, urls
from lti.models import Disclosed, Launch, PlatformKey, Tool
from lti.nrps.container import context_claim
from lti.nrps.roster import MemberRow, Roster
from roster import days

ID_TOKEN_LIFETIME = 600
"""Seconds that an id_token is valid."""

PERSON_FIELDS = ("name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims about the person, with the names of the fields of a roster's row."""


def roster_of_launch(launch: Launch, *, on: dt.date) -> Roster:
    """The roster that the tool may read where it was launched."""
    link = launch.resource_link
    return Roster(link.deployment.tool, link.deployment, link.context, on)


def person_of(launch: Launch, roster: Roster) -> MemberRow:
    """The row of the person who launches, as in `disclosed_person`."""
    return disclosed_person(launch.user_id, roster)


def disclosed_person(user_id: int, roster: Roster) -> MemberRow:
    """The row of a person who opens a tool; of somebody who may not be disclosed, only the id for this tool.

    A membership that has not begun gives no roles yet.
    """
    row = roster.row_of(user_id)
    if row is None:
        return {"user_id": roster.tool.subject_of(user_id), "roles": [roles.SYSTEM_USER_ROLE]}
    Disclosed.objects.record_launch(roster.tool, roster.context, user_id)
    return {**row, "roles": [roles.SYSTEM_USER_ROLE]} if row.get("status") == "Inactive" else row


def ltik_of(launch: Launch, *, on: dt.datetime) -> dict[str, str]:
    """The ltik of a launch as a custom parameter, for a tool that has an API key to send with it."""
    tool: Tool = launch.resource_link.deployment.tool
    return {"ltik": ltik_token.mint(launch, on=on)} if tool.api_keys.exists() else {}


def launch_claims(launch: Launch, *, has_resource_link: bool = True) -> dict[str, Any]:
    """The claims of a launch, without its ltik and without those that make an id_token valid once and for a while.

    `has_resource_link` is false if a portal launched from no resource link.
    """
    link = launch.resource_link
    roster = roster_of_launch(launch, on=days.today())
    person = person_of(launch, roster)
    message: dict[str, Any] = {
        claims.MESSAGE_TYPE: claims.RESOURCE_LINK_REQUEST,
        claims.TARGET_LINK_URI: link.opens,
        claims.CUSTOM: custom_parameters.substitute_variables(link, person),
    }
    if has_resource_link:
        message[claims.RESOURCE_LINK] = {"id": str(link.uuid), "title": link.label}
    return message_claims(message, roster, person)


def message_claims(message: dict[str, Any], roster: Roster, person: MemberRow) -> dict[str, Any]:
    """The claims of a message to a tool, with those that all messages have."""
    content: dict[str, Any] = {
        "iss": urls.issuer(),
        "aud": roster.tool.client_id,
        "azp": roster.tool.client_id,
        "sub": person["user_id"],
        **{name: person[name] for name in PERSON_FIELDS if name in person},
        **message,
        claims.VERSION: claims.LTI_VERSION,
        claims.DEPLOYMENT_ID: roster.deployment.deployment_id,
        claims.ROLES: person["roles"],
        claims.CONTEXT_CLAIM: {**context_claim(roster.context), "type": [claims.GROUP_CONTEXT_TYPE]},
        claims.TOOL_PLATFORM: {
            "guid": urls.issuer(),
            "name": claims.PRODUCT_NAME,
            "url": urls.issuer(),
            "product_family_code": claims.PRODUCT,
        },
        claims.LAUNCH_PRESENTATION: {"document_target": claims.DOCUMENT_TARGET, "locale": claims.LOCALE},
        claims.NAMES_AND_ROLES: {
            "context_memberships_url": urls.memberships_url(roster.context.uuid),
            "service_versions": ["2.0"],
        },
    }
    if "lis_person_sourcedid" in person:
        content[claims.LIS] = {"person_sourcedid": person["lis_person_sourcedid"]}
    return content


def id_token(launch: Launch, nonce: str, *, on: dt.datetime) -> str:
    """The signed id_token of a launch."""
    content = launch_claims(launch)
    content[claims.CUSTOM] = {**ltik_of(launch, on=on), **content[claims.CUSTOM]}
    return signed(content, nonce, on=on)


def signed_message(message: dict[str, Any], roster: Roster, person: MemberRow, nonce: str, *, on: dt.datetime) -> str:
    """The signed id_token of a message to a tool."""
    return signed(message_claims(message, roster, person), nonce, on=on)


def signed(content: dict[str, Any], nonce: str, *, on: dt.datetime) -> str:
    """The id_token of these claims, valid once and for ten minutes from the instant `on`."""
    now = int(on.timestamp())
    content |= {"iat": now, "exp": now + ID_TOKEN_LIFETIME, "nonce": nonce, "jti": str(uuid.uuid4())}
    key = PlatformKey.signing()
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, content, key.private_key, algorithms=["RS256"])
