"""The records of launches from courses."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from lti import claims
from lti.core import ltik_token
from lti.models import Course, CourseLaunch, LearningPlatform, PlatformDeployment
from lti.tool.course_roster import full_role
from lti.tool.errors import LaunchRefused
from lti.tool.texts import is_lms_id, truncate
from lti.validators import validate_url

PERSON_CLAIMS = ("name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims about the person, with the names of the fields of a roster's row."""

MAX_ROLES = 100


def store_launch(deployment: PlatformDeployment, message: dict[str, Any], *, on: dt.datetime) -> CourseLaunch:
    """Store the launch of these claims, and its course. LaunchRefused without a course.

    Personal data of a launch are erased at the first launch after its ltik has expired.
    """
    CourseLaunch.objects.erase_people(before=on - dt.timedelta(seconds=ltik_token.LTIK_LIFETIME))
    link = message[claims.RESOURCE_LINK]
    return CourseLaunch.objects.create(
        course=course_of(deployment, message),
        subject=message["sub"],
        roles=roles_in(message),
        person=person_in(message) if deployment.platform.tool_id else None,
        resource_link_id=link["id"],
        resource_link_title=truncate(link.get("title"), 500),
        memberships_url=memberships_url_in(message, deployment.platform),
        product=truncate(claim(message, claims.TOOL_PLATFORM).get("product_family_code"), 100),
        created_at=on,
    )


def course_of(deployment: PlatformDeployment, message: dict[str, Any]) -> Course:
    """The course of a launch, updated to how the LMS describes it now."""
    context = claim(message, claims.CONTEXT_CLAIM)
    if not context.get("id"):
        raise LaunchRefused(400, "This was opened from outside of a course. Open it from a course.")
    types = context.get("type")
    values = {
        "label": truncate(context.get("label"), 255),
        "title": truncate(context.get("title"), 500),
        "types": [kind for kind in types if is_lms_id(kind)] if isinstance(types, list) else [],
        "memberships_url": memberships_url_in(message, deployment.platform),
    }
    named = {"deployment": deployment, "context_id": context["id"]}
    course: Course = Course.objects.get_or_create(**named, defaults=values)[0]
    if any(getattr(course, name) != value for name, value in values.items()):
        for name, value in values.items():
            setattr(course, name, value)
        course.save(update_fields=list(values))
    return course


def claim(message: dict[str, Any], name: str) -> dict[str, Any]:
    found = message.get(name)
    return found if isinstance(found, dict) else {}


def roles_in(message: dict[str, Any]) -> list[str]:
    return [full_role(role) for role in message[claims.ROLES][:MAX_ROLES] if is_lms_id(role)]


def person_in(message: dict[str, Any]) -> dict[str, str]:
    """The personal data in the claims, by the fields of a roster's row."""
    person = {name: truncate(message.get(name), 500) for name in PERSON_CLAIMS}
    person["lis_person_sourcedid"] = truncate(claim(message, claims.LIS).get("person_sourcedid"), 500)
    return {name: value for name, value in person.items() if value}


def memberships_url_in(message: dict[str, Any], platform: LearningPlatform) -> str:
    """The Names and Roles URL of the course; `""` if there is none that this server may read.

    Plain http is for a platform on this machine: no other platform may direct requests to this machine.
    """
    url: Any = claim(message, claims.NAMES_AND_ROLES).get("context_memberships_url")
    try:
        validate_url(url)
    except ValidationError:
        return ""
    is_plain = urlsplit(url).scheme == "http" and urlsplit(platform.token_url).scheme != "http"
    return "" if is_plain or not url.isascii() or len(url) > 2000 else str(url)
