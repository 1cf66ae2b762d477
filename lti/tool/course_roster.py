"""Rosters of courses, read live from their learning platforms by Names and Roles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urljoin

from lti import roles
from lti.core.http_client import FetchedResponse, deadline
from lti.models import Course, CourseLaunch
from lti.tool.access_tokens import access_token
from lti.tool.http import fetch_from_platform, json_of
from lti.tool.unavailable import CourseUnavailable

CONTAINER = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

MAX_PAGES = 2000
"""A roster with more pages than this counts as endless."""

MEMBER_TEXTS = (*("name", "given_name", "family_name", "middle_name", "email", "picture", "lis_person_sourcedid"),)
"""The texts that a member may have."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a course. What the LMS does not disclose is None."""

    user_id: str
    """The id of the person in the LMS: `sub` of their launches."""
    roles: tuple[str, ...]
    """Full URIs."""
    status: str = "Active"
    """Active, Inactive, or, in differences only, Deleted."""
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    middle_name: str | None = None
    email: str | None = None
    picture: str | None = None
    lis_person_sourcedid: str | None = None
    message: Any = None
    """The message of a launch from the requested resource link."""


@dataclass(frozen=True, slots=True)
class CoursePage:
    """One page of a roster, each person once, and the URLs of others."""

    url: str
    """Its URL."""
    context: dict[str, str]
    """`id`, `label` and `title`, as far as the LMS gives them."""
    members: list[Member]
    next: str | None
    differences: str | None


def members(source: Course | CourseLaunch, *, role: str | None = None, rlid: str | None = None) -> Iterator[Member]:
    """All members of a course, page by page; with `role` only those who have it, with `rlid` with its messages.

    CourseUnavailable, at any point, if the LMS does not give the next page.
    """
    page = fetch_page(source, role=role, rlid=rlid)
    seen: set[str] = set()
    while True:
        yield from with_role(page.members, role)
        if page.next is None:
            return
        if page.next in seen or len(seen) >= MAX_PAGES:
            raise CourseUnavailable("The learning platform's pages have no end.")
        seen.add(page.next)
        page = fetch_page(source, page.next)


def fetch_page(
    source: Course | CourseLaunch,
    url: str | None = None,
    *,
    role: str | None = None,
    limit: int | None = None,
    rlid: str | None = None,
) -> CoursePage:
    """The page at a URL of an earlier one, or the first with these parameters. CourseUnavailable as in `members`.

    A platform may not support `role` or `limit`, and then answers with more members.
    """
    service = service_of(source)
    asked = {"role": role and full_role(role), "limit": limit, "rlid": rlid}
    url = url or with_parameters(service, asked)
    answer = request_page(source, url)
    following = {
        name: url_within_service(service, answer.links[name])
        for name in ("next", "differences")
        if name in answer.links
    }
    container = json_of(answer)
    listed = container.get("members") if isinstance(container, dict) else None
    if not isinstance(listed, list):
        raise CourseUnavailable("The learning platform's answer is no membership container.")
    context = container.get("context")
    return CoursePage(
        url,
        {name: context[name] for name in ("id", "label", "title") if text(context.get(name))}
        if isinstance(context, dict)
        else {},
        merge_duplicates([member(row) for row in listed]),
        following.get("next"),
        following.get("differences"),
    )


def request_page(source: Course | CourseLaunch, url: str) -> FetchedResponse:
    """The answer of the Names and Roles service at a URL. A token that it no longer accepts is replaced once.

    One deadline holds for all requests.
    """
    until = deadline()
    for fresh in (False, True):
        token = access_token(source.platform, until=until, fresh=fresh)
        headers = {"Accept": CONTAINER, "Authorization": f"Bearer {token}"}
        answer = fetch_from_platform("GET", url, headers=headers, until=until)
        if answer.status == 200:
            return answer
        if answer.status != 401:
            break
    raise CourseUnavailable(
        STATUS_ERRORS.get(answer.status, f"The learning platform answered with status {answer.status}.")
    )


STATUS_ERRORS = {
    401: "The learning platform rejects its own access token.",
    403: "The learning platform does not let this server read the roster of this course.",
    404: "The learning platform no longer has the roster of this course.",
    429: "The learning platform says that it gets too many requests.",
    **dict.fromkeys((301, 302, 303, 307, 308), "The learning platform redirects, which this server does not follow."),
}


# URLs


def service_of(source: Course | CourseLaunch) -> str:
    """The Names and Roles URL of a course. CourseUnavailable if its deployment is inactive or there is no roster."""
    deployment = source.deployment if isinstance(source, Course) else source.course.deployment
    if not deployment.is_active or not deployment.platform.is_active:
        raise CourseUnavailable("The learning platform, or its deployment that the course is in, is not active here.")
    if not source.memberships_url:
        raise CourseUnavailable("The learning platform offers no roster of this course to this server.")
    return source.memberships_url


def with_parameters(service: str, asked: dict[str, Any]) -> str:
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"{service}{'&' if '?' in service else '?'}{query}" if query else service


def url_within_service(service: str, url: str) -> str:
    """The URL of another page of a service. CourseUnavailable for any other URL."""
    try:
        url = urljoin(service, url)
    except ValueError:  # it is no URL at all
        url = ""
    if not is_within(service, url):
        raise CourseUnavailable("The learning platform links to a page outside of its own Names and Roles service.")
    return url


def is_within(service: str, url: str) -> bool:
    """Is a URL that of a service, or below it? Scheme, host, port and path are compared exactly.

    The query of the service may name the course, so its parameters have to be there unchanged.
    """
    address, _, required_query = service.partition("?")
    rest = url.removeprefix(address)
    if rest == url or not re.fullmatch(r"([/?][!-\[\]-~]*)?", rest) or "#" in rest:
        return False
    path, _, query = rest.partition("?")
    if {".", ".."}.intersection(unquote(unquote(path)).replace("\\", "/").split("/")):
        return False
    required = parse_qsl(required_query, keep_blank_values=True)
    names = {name.casefold() for name, _ in required}
    return required == [pair for pair in parse_qsl(query, keep_blank_values=True) if pair[0].casefold() in names]


# Members


def full_role(role: str) -> str:
    """The full URI of a role; context roles in their usual letter case."""
    role = role.strip()
    role = role if ":" in role else roles.context_role(role)
    usual = {uri.casefold(): uri for uri in map(roles.context_role, roles.PRINCIPALS)}
    return usual.get(role.casefold(), role)


def with_role(found: list[Member], role: str | None) -> list[Member]:
    """Those of these members who have a role, or a sub-role of it."""
    if role is None:
        return found
    asked = full_role(role).casefold()
    return [member for member in found if roles.matches_role(roles.with_principals(member.roles), asked)]


def member(row: Any) -> Member:
    """The member in a row of a container. CourseUnavailable for an invalid row."""
    given = row.get("roles") if isinstance(row, dict) else None
    if not isinstance(given, list) or not all(text(role) for role in given) or not text(row.get("user_id")):
        raise CourseUnavailable("The learning platform sent a member without a user_id or roles.")
    texts = {name: row[name] for name in MEMBER_TEXTS if text(row.get(name))}
    status = row.get("status")
    return Member(
        user_id=row["user_id"],
        roles=tuple(full_role(role) for role in given),
        status=status if text(status) else "Active",
        message=row.get("message"),
        **texts,
    )


def merge_duplicates(found: list[Member]) -> list[Member]:
    """Each person once, with all roles that they have on the page."""
    people: dict[str, Member] = {}
    for member in found:
        first = people.setdefault(member.user_id, member)
        if first is not member:
            people[member.user_id] = replace(first, roles=tuple(roles.merged([first.roles, member.roles])))
    return list(people.values())


def text(value: Any) -> bool:
    """Is this a text that is not blank?"""
    return isinstance(value, str) and bool(value.strip()) and "\0" not in value
