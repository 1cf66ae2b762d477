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
from roster.json_text import is_text

PERSON_CLAIMS = ("name", "given_name", "family_name", "middle_name", "email", "picture")
"""Claims about the person, with the names of the fields of a roster's row."""

PLATFORM_CLAIMS = {"guid": 255, "name": 255, "version": 100, "description": 500, "contact_email": 254}
"""What a platform says of itself that is stored, with the maximum characters of each."""

MAX_ROLES = MAX_CUSTOM_PARAMETERS = 100
MAX_CUSTOM_CHARACTERS = 2000
"""Maximum characters of the value of a custom parameter."""
MAX_NUMBER = 2**53
"""Numbers from here on are not the same in every JSON library."""


def store_launch(deployment: PlatformDeployment, message: dict[str, Any], *, on: dt.datetime) -> CourseLaunch:
    """Store the launch of these claims, and its course. LaunchRefused without a course.

    Personal data of a launch are erased at the first launch after its ltik has expired.
    """
    CourseLaunch.objects.erase_people(before=on - dt.timedelta(seconds=ltik_token.LTIK_LIFETIME))
    link = message[claims.RESOURCE_LINK]
    described = claim(message, claims.TOOL_PLATFORM)
    presentation = claim(message, claims.LAUNCH_PRESENTATION)
    tool = deployment.platform.tool
    return CourseLaunch.objects.create(
        course=course_of(deployment, message),
        subject=message["sub"],
        roles=roles_in(message),
        person=person_in(message) if tool else None,
        resource_link_id=link["id"],
        resource_link_title=truncate(link.get("title"), 500),
        resource_link_description=truncate(link.get("description"), 2000),
        target_link_url=page_url(message.get(claims.TARGET_LINK_URI)),
        locale=truncate(presentation.get("locale"), 50),
        return_url=page_url(presentation.get("return_url")) if tool else "",
        custom=custom_in(message) if tool and tool.may_read_texts_of_platforms else {},
        memberships_url=memberships_url_in(message, deployment.platform),
        product=truncate(described.get("product_family_code"), 100),
        platform_details=platform_details_in(described),
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


def platform_details_in(described: dict[str, Any]) -> dict[str, str]:
    """What a platform says of itself, each text cut to its length."""
    details = {name: truncate(described.get(name), longest) for name, longest in PLATFORM_CLAIMS.items()}
    return {name: value for name, value in details.items() if value}


def custom_in(message: dict[str, Any]) -> dict[str, Any]:
    """The custom parameters: texts, cut to a length, and numbers and truth values, which some LMSs send too."""
    found = {name: custom_value(value) for name, value in claim(message, claims.CUSTOM).items() if is_lms_id(name)}
    kept = [(name, value) for name, value in found.items() if value is not None]
    return dict(kept[:MAX_CUSTOM_PARAMETERS])


def custom_value(value: Any) -> Any:
    """A value as it is stored; None for one that is not."""
    if is_text(value):
        return value[:MAX_CUSTOM_CHARACTERS]
    is_number = isinstance(value, int | float) and abs(value) < MAX_NUMBER  # which no NaN is
    return value if is_number else None


def page_url(url: Any) -> str:
    """The URL of a page that a browser may open: https, or plain http on this machine; `""` for anything else."""
    try:
        validate_url(url.partition("#")[0] if isinstance(url, str) else url)
    except ValidationError:
        return ""
    return str(url) if len(url) <= 2000 else ""


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
