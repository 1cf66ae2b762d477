"""The answer of the Names and Roles service, which the ltik API gives too."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from lti import claims
from lti.core import custom_parameters, urls
from lti.models import Context, Deployment, ResourceLink, Tool
from lti.nrps import differences, disclosed
from lti.nrps.page_tokens import PageToken
from lti.nrps.roster import MemberRow, Roster
from organizations.models import Organization

DEFAULT_LIMIT, LARGEST_LIMIT = 100, 500


class LinkDenied(Exception):
    """The resource link is not one of this tool in this context."""


@dataclass(frozen=True)
class MembershipContainer:
    """A membership container, and the page tokens of its links `next` and `differences`."""

    container: dict[str, Any]
    links: dict[str, PageToken]


def roster_of(tool: Tool, context_id: uuid.UUID, *, on: dt.date) -> Roster | None:
    """The roster of a context on the day `on`; None if the tool does not see the context or is not used there."""
    contexts = Context.objects.filter(organization__in=Organization.objects.visible_to(tool.reads))
    context = contexts.filter(uuid=context_id).select_related("organization").first()
    if context is None:
        return None
    deployment = tool.deployments.in_force().covering(context.organization).first()
    return Roster(tool, deployment, context, on) if deployment else None


def resource_link_of(roster: Roster, rlid: str) -> ResourceLink:
    """The resource link with this id. LinkDenied if there is none of this tool in this context."""
    try:
        links = ResourceLink.objects.filter(
            uuid=uuid.UUID(rlid),
            context=roster.context,
            deployment__in=Deployment.objects.in_force().covering(roster.organization),
            deployment__tool=roster.tool,
        )
    except ValueError as error:
        raise LinkDenied from error
    link: ResourceLink | None = links.select_related("deployment__tool", "context__organization").first()
    if link is None:
        raise LinkDenied
    return link


def container_page(roster: Roster, token: PageToken) -> MembershipContainer:
    """The page of a roster that a page token points to. LinkDenied as in `resource_link_of`.

    What is disclosed of each person is stored, so that differences report each change and each removal once.
    """
    link = resource_link_of(roster, token.rlid) if token.rlid else None
    if link:
        roster = Roster(roster.tool, link.deployment, roster.context, roster.on)
    members, last = full_page(roster, token) if token.since is None else differences_page(roster, token, token.since)
    container = {
        "id": urls.memberships_url(roster.context.uuid),
        "context": context_claim(roster.context),
        "members": [with_message(row, link) for row in members],
    }
    links = {} if last is None else {"next": token.next_page(last)}
    if token.role is None:
        links["differences"] = token.differences()
    return MembershipContainer(container, links)


def full_page(roster: Roster, token: PageToken) -> tuple[list[MemberRow], int | None]:
    """A page of the whole roster, and the id of its last person if there are more."""
    limit = token.limit or DEFAULT_LIMIT
    people = roster.people(after=token.after, limit=limit + 1, role=token.role)
    page, is_last = people[:limit], len(people) <= limit
    rows = roster.rows(page)
    if token.role is None and token.rlid is None:
        disclosed.record_page(roster, page, rows, after=token.after, is_last=is_last, walk=token.begun)
    else:  # such a page does not show that the others are gone
        disclosed.record_members(roster, rows, walk=token.begun)
    return [rows[user_id] for user_id in page if user_id in rows], None if is_last else page[-1]


def differences_page(roster: Roster, token: PageToken, since: int) -> tuple[list[MemberRow], int | None]:
    """A page of differences, and the id of the last person compared if there may be more."""
    limit = token.limit or DEFAULT_LIMIT
    found = differences.find_differences(roster, since=since, after=token.after, limit=limit, walk=token.begun)
    return found.rows, found.last


def context_claim(context: Context) -> dict[str, str]:
    """The context claim of an organization. Without a short name there is no label."""
    organization = context.organization
    claim = {"id": str(context.uuid), "label": organization.short_name, "title": organization.name}
    return {name: value for name, value in claim.items() if value}


def with_message(row: MemberRow, link: ResourceLink | None) -> MemberRow:
    """A row with the message that a launch from this resource link would carry."""
    if link is None or row.get("status") == "Deleted":
        return row
    message = {
        claims.MESSAGE_TYPE: claims.RESOURCE_LINK_REQUEST,
        claims.CUSTOM: custom_parameters.substitute_variables(link, row),
    }
    return {**row, "message": [message]}
