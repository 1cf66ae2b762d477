"""What a registration token says about the registration that it is for.

Moodle’s tokens are JWTs. `sub` is the new client id, or at an update the deployment id. A platform may also answer a
GET of its registration endpoint with the registration that the token updates, as Moodle does since 4.0.
"""

import json
from base64 import urlsafe_b64decode

from django.core.exceptions import ValidationError
from django.db.models import Q

from lti.core.web_origin import spellings, web_origin
from lti.models import LearningPlatform
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.texts import is_lms_id
from lti.tool.unavailable import CourseUnavailable
from lti.validators import validate_url


def authorization(token: str) -> dict[str, str]:
    """The header that sends a registration token."""
    return {"Authorization": f"Bearer {token}"} if token else {}


def client_id_to_update(endpoint: str, token: str) -> str | None:
    """The client id that the platform will update with this token, if it says so."""
    if not token:
        return None
    try:
        answer = fetch_from_platform("GET", endpoint, headers=authorization(token))
        found = json_of(answer) if answer.status == 200 else None
    except CourseUnavailable:
        return None  # few platforms offer this
    client_id = found.get("client_id") if isinstance(found, dict) else None
    return client_id if is_lms_id(client_id) else None


def likely_platform(url: str, token: str) -> LearningPlatform | None:
    """The stored registration at the host of a URL that a token seems to be for.

    Nothing has verified the token, so this may only choose what a page suggests. For a token that says nothing it is
    the only registration at the host.
    """
    try:
        validate_url(url)
    except ValidationError:
        return None
    is_there = Q()
    for origin in spellings(web_origin(url)):
        is_there |= Q(issuer=origin) | Q(issuer__startswith=f"{origin}/")
    at_host = LearningPlatform.objects.select_related("tool").filter(is_there)
    subject = unverified_subject(token)
    if subject is None:
        found: list[LearningPlatform] = list(at_host.order_by("pk")[:2])
        return found[0] if len(found) == 1 else None
    meant = Q(client_id=subject) | Q(deployments__deployment_id=subject)
    return at_host.filter(meant).order_by("pk").first()


def unverified_subject(token: str) -> str | None:
    """`sub` of a JWT, whose signature is not checked; None for any other text."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        payload = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
    subject = payload.get("sub") if isinstance(payload, dict) else None
    return subject if is_lms_id(subject) else None
