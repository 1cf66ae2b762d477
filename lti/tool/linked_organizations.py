"""Organizations that links in courses open: those that the public may see, since nobody is signed in here."""

import re
from typing import Any

from django.core import signing
from django.db.models import QuerySet

from lti.tool.deep_linking import ORGANIZATION_ID, Choice
from lti.tool.errors import LaunchRefused
from memberships.models import Membership
from organizations.models import Organization
from roster import days
from roster.names import search_key
from roster.privacy import PUBLIC

LINK_LIFETIME = 8 * 3600
"""Seconds that the page of a launched organization can be turned over: as long as an ltik is valid."""

SALT = "lti.tool.organization"


def choosable(search: str = "") -> QuerySet[Any]:
    """The organizations that may be chosen, by name; only those whose name has a text in it, if one is given."""
    found = Organization.objects.visible_to(PUBLIC).exclude(status="inactive")
    if key := search_key(search).strip():
        found = found.filter(name_folded__contains=key)
    return found.in_wire_order(PUBLIC)


def linked_to_course(choice: Choice) -> QuerySet[Any]:
    """Those of them that take their members from the course of a choice."""
    course = {"deployment": choice.deployment_id, "context_id": choice.context_id}
    linked = {f"course_link__course__{name}": value for name, value in course.items()}
    return choosable().filter(**linked, course_link__is_active=True)


def chosen(text: Any, among: QuerySet[Any] | None = None) -> Organization:
    """The organization of an id that a form or a link names. LaunchRefused if it is not in `among`.

    Without `among`, which is for a form, the public has to see it: a link to one that became inactive still opens.
    """
    found = Organization.objects.visible_to(PUBLIC) if among is None else among
    organization: Organization | None = None
    if isinstance(text, str) and re.fullmatch("[0-9]{1,18}", text):
        organization = found.filter(pk=int(text)).first()
    if organization is None:
        raise LaunchRefused(
            404,
            f"The organization of this link ({ORGANIZATION_ID}) is not in the campus roster any more, or not shown to "
            "the public. An instructor can choose another one.",
        )
    return organization


def public_members(organization: Organization) -> QuerySet[Any]:
    """The current memberships on the public roster of an organization."""
    shown = Membership.objects.visible_to(PUBLIC).current(on=days.today()).filter(position__organization=organization)
    return shown.with_wire_fields(PUBLIC).in_wire_order(PUBLIC)


def signed_link(organization: Organization) -> str:
    """The text by which the page of an organization is opened after a launch."""
    return signing.dumps(organization.pk, salt=SALT)


def read_link(text: str) -> Organization:
    """The organization of such a text. LaunchRefused if it is too old or not from here."""
    try:
        pk = signing.loads(text, salt=SALT, max_age=LINK_LIFETIME)
    except signing.BadSignature as error:
        raise LaunchRefused(400, "This page is too old. Open the link in the course again.") from error
    return chosen(str(pk))
