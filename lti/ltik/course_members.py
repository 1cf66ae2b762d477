"""The ltik API for a launch from a course: the roster of the course, read live from the LMS.

An LMS may not support `role` or `limit`. Then members are filtered here, and a page of the LMS is answered in parts:
the link to the rest is the LMS's URL with a fragment, which is read here and never sent to the LMS.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rest_framework import exceptions

from lti import claims, roles
from lti.ltik.parameters import LtikParameters
from lti.models import CourseLaunch, Tool
from lti.nrps.container import DEFAULT_LIMIT, LARGEST_LIMIT
from lti.tool import course_roster
from lti.tool.course_roster import Member, is_within, with_role
from lti.tool.unavailable import CourseUnavailable
from roster.api.errors import ParametersRefused
from roster.privacy import Disclosure

URL_ACCEPTED = "The next or differences URL of an earlier answer to this launch is accepted, whole."

MAX_PAGES = 20
"""How many pages of the LMS one answer reads at most."""

MAX_SECONDS = 5.0
"""Seconds after which no further page is requested."""

MEMBER_FIELDS = ("status", "name", "picture", "given_name", "family_name", "middle_name", "email", "user_id")


class LearningPlatformFailed(exceptions.APIException):
    """502 or 504: the LMS does not give the roster."""

    def __init__(self, error: CourseUnavailable) -> None:
        self.status_code = 504 if error.timed_out else 502
        super().__init__(str(error))


@dataclass(frozen=True, slots=True)
class CoursePageToken:
    """Where in the LMS's pages an answer begins, and with which parameters."""

    limit: int = DEFAULT_LIMIT
    url: str | None = None
    """A page of the LMS; None: the first."""
    role: str | None = None
    rlid: str | None = None
    after: str | None = None
    """The LMS's id of the last member of that page who was answered."""


def course_members(launch: CourseLaunch, asked: LtikParameters) -> dict[str, Any]:
    """One page of the roster of the course, in the form of an organization's."""
    tool = tool_of(launch)
    if not launch.memberships_url:
        raise exceptions.NotFound("The learning platform offers no roster of this course to this server.")
    page_token = course_page_token(launch, asked)
    try:
        context, found, links = collect_members(launch, page_token)
    except CourseUnavailable as error:
        raise LearningPlatformFailed(error) from error
    course = launch.course
    named = {"id": course.context_id, "label": course.label, "title": course.title} | context
    return {
        "id": launch.memberships_url,
        "context": {name: value for name, value in named.items() if value},
        "members": [row_of(member, tool) for member in found],
        **links,
    }


def tool_of(launch: CourseLaunch) -> Tool:
    if launch.platform.tool is None:  # withdrawn since authentication
        raise exceptions.NotFound("The learning platform opens no tool any more.")
    return launch.platform.tool


def course_page_token(launch: CourseLaunch, asked: LtikParameters) -> CoursePageToken:
    """The page token of a request: that of its URL, or that of a new walk."""
    if asked.url is not None:
        return course_page_token_of_url(launch, asked.url)
    rlid = launch.resource_link_id if asked.by_resource_link else None
    return CoursePageToken(asked.limit or DEFAULT_LIMIT, role=asked.role, rlid=rlid)


def course_page_token_of_url(launch: CourseLaunch, url: str) -> CoursePageToken:
    """The page token in the URL of an earlier answer. ParametersRefused if the URL is not one of this roster."""
    url, _, fragment = url.partition("#")
    try:
        parameters = dict(parse_qsl(fragment, strict_parsing=bool(fragment), max_num_fields=3))
        limit = int(parameters.pop("limit", DEFAULT_LIMIT))
        if not parameters.keys() <= {"role", "after"} or not 1 <= limit <= LARGEST_LIMIT:
            raise ValueError(fragment)
    except ValueError as error:
        raise ParametersRefused({"url": [URL_ACCEPTED]}) from error
    if not is_within(launch.memberships_url, url):
        raise ParametersRefused({"url": [URL_ACCEPTED]})
    return CoursePageToken(limit, url, parameters.get("role"), after=parameters.get("after"))


def collect_members(
    launch: CourseLaunch, page_token: CoursePageToken
) -> tuple[dict[str, str], list[Member], dict[str, str]]:
    """The context, up to `limit` members from the page token on, and the links to the rest."""
    until = time.monotonic() + MAX_SECONDS
    found: list[Member] = []
    page, after = (
        course_roster.fetch_page(
            launch, page_token.url, role=page_token.role, limit=page_token.limit, rlid=page_token.rlid
        ),
        page_token.after,
    )
    context, pages = page.context, 1
    following: str | None
    while True:
        more = with_role(rest(page.members, after), page_token.role)
        room = page_token.limit - len(found)
        found += more[:room]
        if len(more) > room:
            following = url_with_page_token(page.url, page_token, after=found[-1].user_id)
            break
        following = url_with_page_token(page.next, page_token) if page.next else None
        if page.next is None or len(found) == page_token.limit or pages == MAX_PAGES or time.monotonic() > until:
            break
        page, after, pages = course_roster.fetch_page(launch, page.next), None, pages + 1
    links = {"next": following, "differences": page.differences if page_token.role is None else None}
    return context, found, {relation: url for relation, url in links.items() if url}


def rest(found: list[Member], after: str | None) -> list[Member]:
    """The members of a page after one of them. All if that one has left: some come twice, but nobody is missing."""
    people = [member.user_id for member in found]
    return found[people.index(after) + 1 :] if after in people else found


def url_with_page_token(url: str, page_token: CoursePageToken, after: str | None = None) -> str:
    """A URL of the LMS with the rest of a page token in its fragment."""
    limit = page_token.limit if page_token.limit != DEFAULT_LIMIT else None
    parameters = {"limit": limit, "role": page_token.role, "after": after}
    fragment = urlencode({name: value for name, value in parameters.items() if value is not None})
    return f"{url}#{fragment}" if fragment else url


def row_of(member: Member, tool: Tool) -> dict[str, Any]:
    """What is disclosed of a member. `user_id` is the LMS's own: the platform is registered for this tool."""
    if member.status == "Deleted":
        return {"status": "Deleted", "user_id": member.user_id, "roles": []}
    disclosed = tool.member_fields
    if member.status != "Active":
        disclosed |= {"status"}  # without it a tool would take an inactive person for a member
    row = {name: getattr(member, name) for name in (*MEMBER_FIELDS, "lis_person_sourcedid")}
    row = {name: value for name, value in row.items() if name in disclosed and value}
    row["roles"] = list(member.roles)
    if member.message is not None and may_read_messages(tool):
        row["message"] = member.message
    return row


def may_read_messages(tool: Tool) -> bool:
    """May a tool read the message of a launch? It has the LMS's custom parameters, which may contain anything."""
    return tool.disclosure == Disclosure.ALL and tool.may_read_sourcedid


def course_launch_details(launch: CourseLaunch) -> dict[str, Any]:
    """Who launched, from which platform, where: the content of the id_token that may be disclosed to the tool."""
    course, platform = launch.course, launch.platform
    disclosed = tool_of(launch).member_fields
    person = {name: value for name, value in (launch.person or {}).items() if name in disclosed}
    context = {"id": course.context_id, "label": course.label, "title": course.title, "type": course.types}
    link = {"id": launch.resource_link_id, "title": launch.resource_link_title}
    described = {"productFamilyCode": launch.product} if launch.product else {}
    return {
        "user": {"id": launch.subject, **person, "roles": launch.roles or [roles.SYSTEM_USER_ROLE]},
        "platform": {
            "url": platform.issuer,
            "clientId": platform.client_id,
            "deploymentId": course.deployment.deployment_id,
            **described,
        },
        "context": {name: value for name, value in context.items() if value},
        "launch": {
            "id": str(launch.uuid),
            "type": claims.RESOURCE_LINK_REQUEST,
            "resourceLink": {name: value for name, value in link.items() if value},
        },
    }
