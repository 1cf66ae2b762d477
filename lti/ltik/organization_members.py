"""The ltik API for an organization, where this server is the platform."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.utils import timezone
from rest_framework import exceptions

from lti import roles
from lti.core import urls
from lti.ltik.parameters import LtikParameters
from lti.models import Launch, ResourceLink, ServiceKey
from lti.nrps import page_tokens
from lti.nrps.container import LinkDenied, container_page, roster_of
from lti.nrps.page_tokens import PageToken
from lti.nrps.roster import Roster
from roster import days
from roster.api.errors import ParametersRefused

URL_ACCEPTED = "The next or differences URL of an earlier answer to a launch in this organization is accepted, whole."


def organization_members(source: Launch | ServiceKey, asked: LtikParameters) -> dict[str, Any]:
    """One page of the roster, the same as the Names and Roles service gives to this tool."""
    roster = roster_of_source(source)
    link = source.resource_link if isinstance(source, Launch) else None
    try:
        answered = container_page(roster, page_token(roster, link, asked))
    except LinkDenied as error:
        raise exceptions.PermissionDenied("This resource link is not one of this tool in this context.") from error
    urls = {relation: page_tokens.url(at, roster.tool, roster.context) for relation, at in answered.links.items()}
    return {**answered.container, **urls}


def roster_of_source(source: Launch | ServiceKey) -> Roster:
    """The roster that a launch or a service key opens. NotFound if it was withdrawn since authentication."""
    where = source.resource_link if isinstance(source, Launch) else source
    roster = None
    if where.deployment and where.context:
        roster = roster_of(where.deployment.tool, where.context.uuid, on=days.today())
    if roster is None:
        raise exceptions.NotFound("There is no such context, or this tool is not used there.")
    return roster


def page_token(roster: Roster, link: ResourceLink | None, asked: LtikParameters) -> PageToken:
    """The page token of a request: that of its URL, or that of a new walk."""
    now = days.milliseconds(timezone.now())
    if asked.url is not None:
        found = page_token_of_url(asked.url, roster)
        return replace(found, begun=found.begun or now)
    rlid = str(link.uuid) if link and asked.by_resource_link else None
    role = None if asked.role is None else roles.parse_role(asked.role)
    return PageToken(begun=now, limit=asked.limit, role=role, rlid=rlid)


def page_token_of_url(url: str, roster: Roster) -> PageToken:
    """The page token in the URL of an earlier answer. The URL is parsed and never fetched."""
    service, _, query = url.partition("?")
    try:
        [(name, sealed)] = parse_qsl(query, keep_blank_values=True, max_num_fields=1)
        found = page_tokens.decrypt_token(sealed, roster.tool, roster.context)
    except (ValueError, TypeError) as error:
        raise ParametersRefused({"url": [URL_ACCEPTED]}) from error
    if service != urls.memberships_url(roster.context.uuid) or name != page_tokens.parameter(found):
        raise ParametersRefused({"url": [URL_ACCEPTED]})
    return found
