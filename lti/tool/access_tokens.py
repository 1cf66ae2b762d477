"""Access tokens of learning platforms: asked for with an assertion that this server signs (RFC 7523)."""

import datetime as dt
import logging
import re
import uuid
from typing import Any

from django.utils import timezone
from joserfc import jwt

from lti.claims import NRPS_SCOPE
from lti.core.http_client import FetchedResponse
from lti.models import LearningPlatform, PlatformKey
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.unavailable import CourseUnavailable

logger = logging.getLogger("lti.course")

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

ASSERTION_LIFETIME = 300
"""Seconds that an assertion is good for."""

USUAL, LONGEST = 3600, 24 * 3600
"""Seconds that a token is good for when the platform does not say, and the most that is believed."""


def access_token(platform: LearningPlatform, *, until: float, fresh: bool = False) -> str:
    """A token that opens rosters of this platform: the one at hand, else, or when it is to be fresh, a new one.

    CourseUnavailable when the platform gives none before the deadline `until`.
    """
    now = timezone.now()
    text = None if fresh else platform.access_token(on=now)
    if text is None:
        text, lifetime = request_token(platform, until=until, on=now)
        platform.store_access_token(text, until=now + dt.timedelta(seconds=lifetime))
    return text


def request_token(platform: LearningPlatform, *, until: float, on: dt.datetime) -> tuple[str, int]:
    """A new token, and for how many seconds it is good."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(platform, on=on),
        "scope": NRPS_SCOPE,
    }
    answer = fetch_from_platform("POST", platform.token_url, data=form, until=until)
    if answer.status != 200:
        raise error_text(platform, answer)
    said = json_of(answer)
    text = said.get("access_token") if isinstance(said, dict) else None
    if not isinstance(text, str) or not re.fullmatch(r"[!-~]+", text):
        raise CourseUnavailable("The learning platform answered without an access token.")
    return text, lifetime_of(said)


def assertion(platform: LearningPlatform, *, on: dt.datetime) -> str:
    """What shows the platform that it is this server that asks."""
    now = int(on.timestamp())
    claims = {
        "iss": platform.client_id,
        "sub": platform.client_id,
        "aud": platform.signs_for,
        "iat": now,
        "exp": now + ASSERTION_LIFETIME,
        "jti": str(uuid.uuid4()),
    }
    key = PlatformKey.signing()
    try:
        private_key = key.private_key
    except ValueError as error:
        raise CourseUnavailable(f"This server cannot sign. {error}") from error
    return jwt.encode({"alg": "RS256", "kid": key.kid, "typ": "JWT"}, claims, private_key, algorithms=["RS256"])


def error_text(platform: LearningPlatform, answer: FetchedResponse) -> CourseUnavailable:
    """What to say of a token that was refused. The word for it goes along when it is one, as invalid_client."""
    try:
        said = json_of(answer)
    except CourseUnavailable:
        said = None
    word = said.get("error") if isinstance(said, dict) else None
    reason = word if isinstance(word, str) and re.fullmatch("[a-z_]{1,40}", word) else f"status {answer.status}"
    logger.warning("A learning platform gives no access token: %s", reason, extra={"fields": {"platform": platform.pk}})
    return CourseUnavailable(f"The learning platform gives this server no access token ({reason}).")


def lifetime_of(said: dict[str, Any]) -> int:
    seconds = said.get("expires_in", USUAL)
    if isinstance(seconds, str) and re.fullmatch("[0-9]{1,9}", seconds):
        seconds = int(seconds)
    return min(int(seconds), LONGEST) if type(seconds) in {int, float} and seconds >= 0 else USUAL
