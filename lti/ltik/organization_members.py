"""The ltik API for a launch from an organization, where this server is the platform."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.utils import timezone
from rest_framework import exceptions

from lti import claims, roles
from lti.core import urls
from lti.ltik.parameters import LtikParameters
from lti.models import Launch
from lti.nrps import page_tokens
from lti.nrps.container import LinkDenied, container_page, context_claim, roster_of
from lti.nrps.page_tokens import PageToken
from lti.nrps.roster import Roster
from lti.platform.id_token import PERSON_FIELDS, person_of, roster_of_launch
from roster import days
from roster.api.errors import ParametersRefused

URL_ACCEPTED = "The next or differences URL of an earlier answer to a launch in this organization is accepted, whole."


def organization_members(launch: Launch, asked: LtikParameters) -> dict[str, Any]:
    """One page of the roster, the same as the Names and Roles service gives to this tool."""
    link = launch.resource_link
    roster = roster_of(link.deployment.tool, link.context.uuid, on=days.today())
    if roster is None:  # withdrawn since authentication
        raise exceptions.NotFound("There is no such context, or this tool is not used there.")
    try:
        answered = container_page(roster, page_token(launch, roster, asked))
    except LinkDenied as error:
        raise exceptions.PermissionDenied("This resource link is not one of this tool in this context.") from error
    urls = {relation: page_tokens.url(at, roster.tool, roster.context) for relation, at in answered.links.items()}
    return {**answered.container, **urls}


def page_token(launch: Launch, roster: Roster, asked: LtikParameters) -> PageToken:
    """The page token of a request: that of its URL, or that of a new walk."""
    now = days.milliseconds(timezone.now())
    if asked.url is not None:
        found = page_token_of_url(asked.url, roster)
        return replace(found, begun=found.begun or now)
    rlid = str(launch.resource_link.uuid) if asked.by_resource_link else None
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


def launch_details(launch: Launch, *, has_resource_link: bool) -> dict[str, Any]:
    """Who launched, from which platform, where: the content of the launch's id_token."""
    link = launch.resource_link
    person = person_of(launch, roster_of_launch(launch, on=days.today()))
    fields = {name: person[name] for name in (*PERSON_FIELDS, "roles", "lis_person_sourcedid") if name in person}
    resource_link = {"resourceLink": {"id": str(link.uuid), "title": link.label}} if has_resource_link else {}
    return {
        "user": {"id": person["user_id"], **fields},
        "platform": {
            "url": urls.issuer(),
            "clientId": link.deployment.tool.client_id,
            "deploymentId": link.deployment.deployment_id,
            "productFamilyCode": claims.PRODUCT,
        },
        "context": {**context_claim(link.context), "type": [claims.GROUP_CONTEXT_TYPE]},
        "launch": {"id": str(launch.uuid), "type": claims.RESOURCE_LINK_REQUEST, **resource_link},
    }
