"""The ltik API for a course: its roster, read live from the LMS.

An LMS may not support `role` or `limit`. Then members are filtered here, and a page of the LMS is answered in parts:
the link to the rest is the LMS's URL with a fragment, which is read here and never sent to the LMS.
"""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from rest_framework import exceptions

from lti.ltik.parameters import LtikParameters
from lti.models import Course, CourseLaunch, Tool
from lti.nrps.container import DEFAULT_LIMIT, LARGEST_LIMIT
from lti.tool import course_roster
from lti.tool.course_roster import Member, is_within, with_role
from lti.tool.unavailable import CourseUnavailable
from roster.api.errors import ParametersRefused

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


def course_members(source: Course | CourseLaunch, asked: LtikParameters) -> dict[str, Any]:
    """One page of the roster of the course, in the form of an organization's."""
    tool = tool_of(source)
    if not source.memberships_url:
        raise exceptions.NotFound("The learning platform offers no roster of this course to this server.")
    page_token = course_page_token(source, asked)
    try:
        context, found, links = collect_members(source, page_token)
    except CourseUnavailable as error:
        raise LearningPlatformFailed(error) from error
    course = source.course if isinstance(source, CourseLaunch) else source
    named = {"id": course.context_id, "label": course.label, "title": course.title} | context
    return {
        "id": source.memberships_url,
        "context": {name: value for name, value in named.items() if value},
        "members": [row_of(member, tool) for member in found],
        **links,
    }


def tool_of(source: Course | CourseLaunch) -> Tool:
    if source.platform.tool is None:  # withdrawn since authentication
        raise exceptions.NotFound("The learning platform opens no tool any more.")
    return source.platform.tool


def course_page_token(source: Course | CourseLaunch, asked: LtikParameters) -> CoursePageToken:
    """The page token of a request: that of its URL, or that of a new walk."""
    if asked.url is not None:
        return course_page_token_of_url(source, asked.url)
    rlid = source.resource_link_id if isinstance(source, CourseLaunch) and asked.by_resource_link else None
    return CoursePageToken(asked.limit or DEFAULT_LIMIT, role=asked.role, rlid=rlid)


def course_page_token_of_url(source: Course | CourseLaunch, url: str) -> CoursePageToken:
    """The page token in the URL of an earlier answer. ParametersRefused if the URL is not one of this roster."""
    url, _, fragment = url.partition("#")
    try:
        parameters = dict(parse_qsl(fragment, strict_parsing=bool(fragment), max_num_fields=3))
        limit = int(parameters.pop("limit", DEFAULT_LIMIT))
        if not parameters.keys() <= {"role", "after"} or not 1 <= limit <= LARGEST_LIMIT:
            raise ValueError(fragment)
    except ValueError as error:
        raise ParametersRefused({"url": [URL_ACCEPTED]}) from error
    if not is_within(source.memberships_url, url):
        raise ParametersRefused({"url": [URL_ACCEPTED]})
    return CoursePageToken(limit, url, parameters.get("role"), after=parameters.get("after"))


def collect_members(
    source: Course | CourseLaunch, page_token: CoursePageToken
) -> tuple[dict[str, str], list[Member], dict[str, str]]:
    """The context, up to `limit` members from the page token on, and the links to the rest."""
    until = time.monotonic() + MAX_SECONDS
    found: list[Member] = []
    page, after = (
        course_roster.fetch_page(
            source, page_token.url, role=page_token.role, limit=page_token.limit, rlid=page_token.rlid
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
        page, after, pages = course_roster.fetch_page(source, page.next), None, pages + 1
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
    if member.message is not None and tool.may_read_texts_of_platforms:
        row["message"] = member.message
    return row
