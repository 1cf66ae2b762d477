"""The answer of the Names and Roles service, for NRPS and the ltik API alike."""

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
    """A resource link that is not this tool's, or not in this context."""


@dataclass(frozen=True)
class MembershipContainer:
    """A membership container, and where its other parts are: `next`, `differences`."""

    container: dict[str, Any]
    links: dict[str, PageToken]


def roster_of(tool: Tool, context_id: uuid.UUID, *, on: dt.date) -> Roster | None:
    """The roster of a context on the day `on`; None of one that the tool does not see or is not used in."""
    contexts = Context.objects.filter(organization__in=Organization.objects.visible_to(tool.reads))
    context = contexts.filter(uuid=context_id).select_related("organization").first()
    if context is None:
        return None
    deployment = tool.deployments.in_force().covering(context.organization).first()
    return Roster(tool, deployment, context, on) if deployment else None


def resource_link_of(roster: Roster, rlid: str) -> ResourceLink:
    """The resource link of this id. LinkDenied for another tool's or context's, and for one that is not there."""
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


def container_page(roster: Roster, place: PageToken) -> MembershipContainer:
    """The page of a roster at a place. LinkDenied as `resource_link_of` says.

    What is told of each is noted, so that differences tell what is another, and that somebody is gone, once.
    """
    link = resource_link_of(roster, place.rlid) if place.rlid else None
    if link:
        roster = Roster(roster.tool, link.deployment, roster.context, roster.on)
    members, last = full_page(roster, place) if place.since is None else differences_page(roster, place, place.since)
    container = {
        "id": urls.memberships_url(roster.context.uuid),
        "context": context_claim(roster.context),
        "members": [with_message(row, link) for row in members],
    }
    links = {} if last is None else {"next": place.next_page(last)}
    if place.role is None:
        links["differences"] = place.differences()
    return MembershipContainer(container, links)


def full_page(roster: Roster, place: PageToken) -> tuple[list[MemberRow], int | None]:
    """A page of the whole roster, and the last person on it when there are more."""
    limit = place.limit or DEFAULT_LIMIT
    people = roster.people(after=place.after, limit=limit + 1, role=place.role)
    page, is_last = people[:limit], len(people) <= limit
    rows = roster.rows(page)
    if place.role is None and place.rlid is None:
        disclosed.record_page(roster, page, rows, after=place.after, is_last=is_last, walk=place.begun)
    else:  # it does not say of others that they are gone
        disclosed.record_members(roster, rows, walk=place.begun)
    return [rows[user_id] for user_id in page if user_id in rows], None if is_last else page[-1]


def differences_page(roster: Roster, place: PageToken, since: int) -> tuple[list[MemberRow], int | None]:
    """A page of differences, and the last person who was compared when there may be more."""
    limit = place.limit or DEFAULT_LIMIT
    found = differences.find_differences(roster, since=since, after=place.after, limit=limit, walk=place.begun)
    return found.rows, found.last


def context_claim(context: Context) -> dict[str, str]:
    """How LTI names an organization. A missing short name is an absent label."""
    organization = context.organization
    claim = {"id": str(context.uuid), "label": organization.short_name, "title": organization.name}
    return {name: value for name, value in claim.items() if value}


def with_message(row: MemberRow, link: ResourceLink | None) -> MemberRow:
    """A row as one resource link sees it: with what a launch from there would say."""
    if link is None or row.get("status") == "Deleted":
        return row
    message = {
        claims.MESSAGE_TYPE: claims.RESOURCE_LINK_REQUEST,
        claims.CUSTOM: custom_parameters.substitute_variables(link, row),
    }
    return {**row, "message": [message]}
