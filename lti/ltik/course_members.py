"""A launch from a course, at the ltik API: the course's roster, read live, as far as the tool is told of people.

An LMS may not know `role` or `limit`. Then members are filtered here, and a page of its own is handed on in parts: a
link to the rest is the LMS's URL with a fragment, which is for this server and never sent.
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
"""Pages of the LMS that one answer is made of at most."""

MAX_SECONDS = 5.0
"""Seconds after which no further page is asked for."""

MEMBER_FIELDS = ("status", "name", "picture", "given_name", "family_name", "middle_name", "email", "user_id")


class LearningPlatformFailed(exceptions.APIException):
    """502 or 504: the LMS does not tell what was asked."""

    def __init__(self, error: CourseUnavailable) -> None:
        self.status_code = 504 if error.timed_out else 502
        super().__init__(str(error))


@dataclass(frozen=True, slots=True)
class CoursePageToken:
    """Where in the LMS's pages an answer begins, and how it goes on."""

    limit: int = DEFAULT_LIMIT
    url: str | None = None
    """A page of the LMS; None: the first."""
    role: str | None = None
    rlid: str | None = None
    after: str | None = None
    """The member of that page who was told of last."""


def course_members(launch: CourseLaunch, asked: LtikParameters) -> dict[str, Any]:
    """One page of the roster of the course, in the shape of an own one."""
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
    if launch.platform.tool is None:  # taken away since the launch was let in
        raise exceptions.NotFound("The learning platform opens no tool any more.")
    return launch.platform.tool


def course_page_token(launch: CourseLaunch, asked: LtikParameters) -> CoursePageToken:
    """Where a request asks: at the place of a URL, or at the beginning of a new walk."""
    if asked.url is not None:
        return course_page_token_of_url(launch, asked.url)
    rlid = launch.resource_link_id if asked.by_resource_link else None
    return CoursePageToken(asked.limit or DEFAULT_LIMIT, role=asked.role, rlid=rlid)


def course_page_token_of_url(launch: CourseLaunch, url: str) -> CoursePageToken:
    """The place that a URL of an earlier answer means. ParametersRefused for one that is not of this roster."""
    url, _, fragment = url.partition("#")
    try:
        said = dict(parse_qsl(fragment, strict_parsing=bool(fragment), max_num_fields=3))
        limit = int(said.pop("limit", DEFAULT_LIMIT))
        if not said.keys() <= {"role", "after"} or not 1 <= limit <= LARGEST_LIMIT:
            raise ValueError(fragment)
    except ValueError as error:
        raise ParametersRefused({"url": [URL_ACCEPTED]}) from error
    if not is_within(launch.memberships_url, url):
        raise ParametersRefused({"url": [URL_ACCEPTED]})
    return CoursePageToken(limit, url, said.get("role"), after=said.get("after"))


def collect_members(
    launch: CourseLaunch, page_token: CoursePageToken
) -> tuple[dict[str, str], list[Member], dict[str, str]]:
    """The context, the members from a place on, as many as were asked for, and the links to the rest."""
    until = time.monotonic() + MAX_SECONDS
    found: list[Member] = []
    here, after = (
        course_roster.fetch_page(
            launch, page_token.url, role=page_token.role, limit=page_token.limit, rlid=page_token.rlid
        ),
        page_token.after,
    )
    context, pages = here.context, 1
    following: str | None
    while True:
        more = with_role(rest(here.members, after), page_token.role)
        room = page_token.limit - len(found)
        found += more[:room]
        if len(more) > room:
            following = url_with_page_token(here.url, page_token, after=found[-1].user_id)
            break
        following = url_with_page_token(here.next, page_token) if here.next else None
        if here.next is None or len(found) == page_token.limit or pages == MAX_PAGES or time.monotonic() > until:
            break
        here, after, pages = course_roster.fetch_page(launch, here.next), None, pages + 1
    links = {"next": following, "differences": here.differences if page_token.role is None else None}
    return context, found, {relation: url for relation, url in links.items() if url}


def rest(found: list[Member], after: str | None) -> list[Member]:
    """The members of a page after one of them; all, when that one has left: nobody is lost, and some come again."""
    people = [member.user_id for member in found]
    return found[people.index(after) + 1 :] if after in people else found


def url_with_page_token(url: str, page_token: CoursePageToken, after: str | None = None) -> str:
    """A URL of the LMS that tells this server how to go on there."""
    limit = page_token.limit if page_token.limit != DEFAULT_LIMIT else None
    said = {"limit": limit, "role": page_token.role, "after": after}
    fragment = urlencode({name: value for name, value in said.items() if value is not None})
    return f"{url}#{fragment}" if fragment else url


def row_of(member: Member, tool: Tool) -> dict[str, Any]:
    """What a tool is told of a member. Its `user_id` is the LMS's own: the platform is registered for this tool."""
    if member.status == "Deleted":
        return {"status": "Deleted", "user_id": member.user_id, "roles": []}
    told = tool.member_fields
    if member.status != "Active":
        told |= {"status"}  # without it a tool would take somebody who is inactive for a member
    row = {name: getattr(member, name) for name in (*MEMBER_FIELDS, "lis_person_sourcedid")}
    row = {name: value for name, value in row.items() if name in told and value}
    row["roles"] = list(member.roles)
    if member.message is not None and may_read_messages(tool):
        row["message"] = member.message
    return row


def may_read_messages(tool: Tool) -> bool:
    """May a tool read what a launch would say? The LMS's custom parameters stand in it, which may hold anything."""
    return tool.disclosure == Disclosure.ALL and tool.may_read_sourcedid


def course_launch_details(launch: CourseLaunch) -> dict[str, Any]:
    """Who launched, from which platform, where: what the id_token said, as far as the tool is told of people."""
    course, platform = launch.course, launch.platform
    told = tool_of(launch).member_fields
    person = {name: value for name, value in (launch.person or {}).items() if name in told}
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
