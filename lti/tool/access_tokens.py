"""Access tokens of learning platforms, requested with an assertion that this server signs (RFC 7523)."""

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
"""Seconds that an assertion is valid."""

DEFAULT_LIFETIME, MAX_LIFETIME = 3600, 24 * 3600
"""Seconds that a token is valid: if the platform does not say, and at most."""


def access_token(platform: LearningPlatform, *, until: float, fresh: bool = False) -> str:
    """A token for the rosters of this platform: the stored one, or a new one if there is none or it must be `fresh`.

    CourseUnavailable if the platform gives none before the deadline `until`.
    """
    now = timezone.now()
    text = None if fresh else platform.access_token(on=now)
    if text is None:
        text, lifetime = request_token(platform, until=until, on=now)
        platform.store_access_token(text, until=now + dt.timedelta(seconds=lifetime))
    return text


def request_token(platform: LearningPlatform, *, until: float, on: dt.datetime) -> tuple[str, int]:
    """A new token, and for how many seconds it is valid."""
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": assertion(platform, on=on),
        "scope": NRPS_SCOPE,
    }
    answer = fetch_from_platform("POST", platform.token_url, data=form, until=until)
    if answer.status != 200:
        raise error_text(platform, answer)
    body = json_of(answer)
    text = body.get("access_token") if isinstance(body, dict) else None
    if not isinstance(text, str) or not re.fullmatch(r"[!-~]+", text):
        raise CourseUnavailable("The learning platform answered without an access token.")
    return text, lifetime_of(body)


def assertion(platform: LearningPlatform, *, on: dt.datetime) -> str:
    """The signed assertion with which this server authenticates at the platform."""
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
    """The error of a refused token, with the platform's error code if it has one, such as invalid_client."""
    try:
        body = json_of(answer)
    except CourseUnavailable:
        body = None
    error_code = body.get("error") if isinstance(body, dict) else None
    is_code = isinstance(error_code, str) and re.fullmatch("[a-z_]{1,40}", error_code)
    reason = error_code if is_code else f"status {answer.status}"
    logger.warning("A learning platform gives no access token: %s", reason, extra={"fields": {"platform": platform.pk}})
    return CourseUnavailable(f"The learning platform gives this server no access token ({reason}).")


def lifetime_of(body: dict[str, Any]) -> int:
    seconds = body.get("expires_in", DEFAULT_LIFETIME)
    if isinstance(seconds, str) and re.fullmatch("[0-9]{1,9}", seconds):
        seconds = int(seconds)
    return min(int(seconds), MAX_LIFETIME) if type(seconds) in {int, float} and seconds >= 0 else DEFAULT_LIFETIME
