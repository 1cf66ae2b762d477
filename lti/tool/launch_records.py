"""What is kept of a launch from a course."""

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
"""Claims about the person, named as the fields of a roster's row are."""

MAX_ROLES = 100


def store_launch(deployment: PlatformDeployment, said: dict[str, Any], *, on: dt.datetime) -> CourseLaunch:
    """The launch that these claims tell of, in a course that is known from now on. Refused without a course.

    Who launched is remembered by name for as long as an ltik may be shown, and forgotten at the next launch after that.
    """
    CourseLaunch.objects.forget_people(before=on - dt.timedelta(seconds=ltik_token.LTIK_LIFETIME))
    link = said[claims.RESOURCE_LINK]
    return CourseLaunch.objects.create(
        course=course_of(deployment, said),
        subject=said["sub"],
        roles=roles_in(said),
        person=person_in(said) if deployment.platform.tool_id else None,
        resource_link_id=link["id"],
        resource_link_title=truncate(link.get("title"), 500),
        memberships_url=memberships_url_in(said, deployment.platform),
        product=truncate(claim(said, claims.TOOL_PLATFORM).get("product_family_code"), 100),
        created_at=on,
    )


def course_of(deployment: PlatformDeployment, said: dict[str, Any]) -> Course:
    """The course where somebody launched, as its LMS describes it now."""
    context = claim(said, claims.CONTEXT_CLAIM)
    if not context.get("id"):
        raise LaunchRefused(400, "This was opened from outside of a course. Open it from a course.")
    types = context.get("type")
    told = {
        "label": truncate(context.get("label"), 255),
        "title": truncate(context.get("title"), 500),
        "types": [kind for kind in types if is_lms_id(kind)] if isinstance(types, list) else [],
        "memberships_url": memberships_url_in(said, deployment.platform),
    }
    named = {"deployment": deployment, "context_id": context["id"]}
    course: Course = Course.objects.get_or_create(**named, defaults=told)[0]
    if any(getattr(course, name) != value for name, value in told.items()):
        for name, value in told.items():
            setattr(course, name, value)
        course.save(update_fields=list(told))
    return course


def claim(said: dict[str, Any], name: str) -> dict[str, Any]:
    found = said.get(name)
    return found if isinstance(found, dict) else {}


def roles_in(said: dict[str, Any]) -> list[str]:
    return [full_role(role) for role in said[claims.ROLES][:MAX_ROLES] if is_lms_id(role)]


def person_in(said: dict[str, Any]) -> dict[str, str]:
    """What the LMS tells of the person, by the fields of a roster's row."""
    told = {name: truncate(said.get(name), 500) for name in PERSON_CLAIMS}
    told["lis_person_sourcedid"] = truncate(claim(said, claims.LIS).get("person_sourcedid"), 500)
    return {name: value for name, value in told.items() if value}


def memberships_url_in(said: dict[str, Any], platform: LearningPlatform) -> str:
    """Where the roster of the course is; `""` where there is none that this server may read.

    Plain http is for a platform on this machine: what a platform elsewhere signs does not lead in here.
    """
    url: Any = claim(said, claims.NAMES_AND_ROLES).get("context_memberships_url")
    try:
        validate_url(url)
    except ValidationError:
        return ""
    is_plain = urlsplit(url).scheme == "http" and urlsplit(platform.token_url).scheme != "http"
    return "" if is_plain or not url.isascii() or len(url) > 2000 else str(url)
