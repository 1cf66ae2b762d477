"""The message of a launch: the id_token that a learning platform posted, after all checks of LTI 1.3.

The order of the checks: the form of the token and of its claims, the platform, the login of this browser, everything
else that needs no key, and only then the signature, so that only a well-formed message makes this server fetch keys.
The specification is the LTI 1EdTech Security Framework 1.1, section 5.1.3, and LTI Core 1.3, section 5.3.
"""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.util import urlsafe_b64decode

from lti import claims, keys
from lti.models import LearningPlatform, PlatformDeployment, UsedNonce
from lti.tool.deep_linking_settings import settings_in
from lti.tool.errors import LaunchRefused, LoginNotFound
from lti.tool.login_state import LOGIN_LIFETIME, LoginState, login_state
from lti.tool.platform_jwks import platform_jwks
from lti.tool.registrations import deployment_of, platform_of
from lti.tool.texts import is_lms_id
from lti.tool.unavailable import CourseUnavailable

LEEWAY = 60
"""Seconds that the clocks of a platform and this server may differ."""


@dataclass(frozen=True)
class LaunchMessage:
    """A message that passed all checks."""

    claims: dict[str, Any]
    deployment: PlatformDeployment


def read_launch(request: HttpRequest, *, on: dt.datetime) -> LaunchMessage:
    """The launch that a learning platform posted, at the instant `on`. LaunchRefused if a check fails.

    LoginNotFound, which is a LaunchRefused, if this browser has not begun a login of this state.
    """
    header, message = parse_token(request.POST.get("id_token", ""))
    reject_malformed(message)
    platform = platform_of(message["iss"], client_id_of(message))
    login = login_state(request, request.POST.get("state"))
    if login is None or login.platform_id != platform.pk or login.nonce != message["nonce"]:
        raise LoginNotFound
    check_header(header)
    check_audience(message, platform)
    check_times(message, on=on)
    check_signature(request.POST["id_token"], header, platform, on=on)
    deployment = deployment_of(platform, message[claims.DEPLOYMENT_ID])
    check_message(message)
    use_nonce(message, login, on=on)  # the last step, so that a refused launch does not use it up
    return LaunchMessage(message, deployment)


def platform_of_token(text: str) -> LearningPlatform:
    """The platform that a token names, whose signature is not checked. LaunchRefused if it names none."""
    _, message = parse_token(text)
    reject_malformed(message)
    return platform_of(message["iss"], client_id_of(message))


def refused(reason: str, status: int = 401) -> LaunchRefused:
    return LaunchRefused(status, f"The learning platform’s message is refused: {reason}.")


def parse_token(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The header and the claims of a token whose signature is not checked yet."""
    if not text:
        raise refused("Missing id_token", 400)
    try:
        header, message, _ = text.encode().split(b".")
        parts = [json.loads(urlsafe_b64decode(part)) for part in (header, message)]
    except (ValueError, RecursionError) as error:
        raise refused("Invalid JWT format") from error
    if not all(isinstance(part, dict) for part in parts):
        raise refused("Invalid JWT format")
    return parts[0], parts[1]


def reject_malformed(message: dict[str, Any]) -> None:
    """Refuse claims that are missing, or whose type is not that of the LTI specification."""
    ids = {name: message.get(name) for name in ("iss", "sub", "nonce", claims.DEPLOYMENT_ID)}
    for name in (claims.RESOURCE_LINK, claims.CONTEXT_CLAIM):
        claim = message.get(name, {})
        ids[name] = claim.get("id") if isinstance(claim, dict) else ""
    wrong = [name for name, value in ids.items() if value is not None and not is_lms_id(value)]
    audience = message.get("aud")
    if not all(is_lms_id(one) for one in (audience if isinstance(audience, list) and audience else [audience])):
        wrong.append("aud")
    if not isinstance(message.get(claims.ROLES, []), list):
        wrong.append("roles")
    if wrong:
        names = ", ".join(name.removeprefix(claims.CLAIM) for name in wrong)
        raise LaunchRefused(400, f"The learning platform’s message is not understood: {names}.")
    for name in ("iss", "nonce", claims.DEPLOYMENT_ID):
        if ids[name] is None:
            raise refused(f"{name.removeprefix(claims.CLAIM)} is missing")


def client_id_of(message: dict[str, Any]) -> str:
    """The client id: the authorized party if there is one, else the audience."""
    audience = message["aud"]
    return str(message.get("azp") or (audience[0] if isinstance(audience, list) else audience))


def check_header(header: dict[str, Any]) -> None:
    if header.get("alg") not in keys.ALGORITHMS:
        raise refused("its algorithm is not one accepted here")
    if not is_lms_id(header.get("kid")):
        raise refused("the key id (kid) is missing")


def check_audience(message: dict[str, Any], platform: LearningPlatform) -> None:
    audience = message["aud"] if isinstance(message["aud"], list) else [message["aud"]]
    if platform.client_id not in audience:
        raise refused("aud is not this server")
    if message.get("azp", platform.client_id) != platform.client_id or (len(audience) > 1 and "azp" not in message):
        raise refused("azp is not this server")


def check_times(message: dict[str, Any], *, on: dt.datetime) -> None:
    now = on.timestamp()
    if not claims.is_numeric_date(message.get("exp")) or not claims.is_numeric_date(message.get("iat")):
        raise refused("exp or iat is missing")
    if message["exp"] + LEEWAY <= now:
        raise refused("it has expired")
    instants: list[Any] = [message["iat"], message.get("nbf")]
    if any(claims.is_numeric_date(at) and at > now + LEEWAY for at in instants):
        raise refused("it is from the future")


def check_signature(text: str, header: dict[str, Any], platform: LearningPlatform, *, on: dt.datetime) -> None:
    """Refuse a token that no published key of the platform has signed, with the algorithm of that key."""
    try:
        found = platform_jwks(platform, header["kid"], on=on)["keys"]
    except CourseUnavailable as error:
        raise LaunchRefused.from_unavailable(error) from error
    of_token = [key for key in found if key["kid"] == header["kid"]]
    if not of_token:
        raise refused("the platform publishes no key of its key id (kid)")
    key = KeySet.import_key_set({"keys": of_token[:1]})
    try:
        jwt.decode(text, key, algorithms=[of_token[0]["alg"]])
    except (JoseError, ValueError, TypeError, RecursionError) as error:
        raise refused("its signature is not right") from error


def check_message(message: dict[str, Any], types: Collection[str] = claims.MESSAGE_TYPES) -> None:
    """Refuse a message of another type or version, or without what its type needs."""
    if message.get(claims.MESSAGE_TYPE) not in types:
        raise LaunchRefused(400, f"This server takes messages of the type {' or '.join(types)} only.")
    if message.get(claims.VERSION) != claims.LTI_VERSION:
        raise refused(f"the version is to be {claims.LTI_VERSION}")
    if not message.get("sub"):
        raise refused("it names no person (sub)")
    if claims.ROLES not in message:
        raise refused("the roles claim is missing", 400)
    if message[claims.MESSAGE_TYPE] == claims.RESOURCE_LINK_REQUEST and not message.get(claims.RESOURCE_LINK, {}).get(
        "id"
    ):
        raise refused("the id of the resource link is missing", 400)
    if message[claims.MESSAGE_TYPE] == claims.DEEP_LINKING_REQUEST:
        settings_in(message)


def use_nonce(message: dict[str, Any], login: LoginState, *, on: dt.datetime) -> None:
    """Refuse an id_token that was sent before."""
    until = on + dt.timedelta(seconds=LOGIN_LIFETIME + LEEWAY)
    if not UsedNonce.use("course launch", message["iss"], login.nonce, until=until, on=on):
        raise LoginNotFound
