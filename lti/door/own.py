"""A launch of an organization's page: this server is the platform, and the roster is its own."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.utils import timezone
from rest_framework import exceptions

from lti import addresses, claims, roles
from lti.door.parameters import Asked
from lti.models import Launch
from lti.nrps import links
from lti.nrps.answers import LinkDenied, answer, context_claim, roster_of
from lti.nrps.links import Place
from lti.nrps.roster import Roster
from lti.platform.id_token import PERSON, person_of, roster_of_launch
from roster import days
from roster.api.errors import ParametersRefused

URL_ACCEPTED = "The next or differences URL of an earlier answer to a launch in this organization is accepted, whole."


def page(launch: Launch, asked: Asked) -> dict[str, Any]:
    """One page of the roster, exactly as the Names and Roles service tells it to the same tool."""
    link = launch.resource_link
    roster = roster_of(link.deployment.tool, link.context.uuid, on=days.today())
    if roster is None:  # taken back since the launch was let in
        raise exceptions.NotFound("There is no such context, or this tool is not used there.")
    try:
        answered = answer(roster, place(launch, roster, asked))
    except LinkDenied as error:
        raise exceptions.PermissionDenied("This resource link is not one of this tool in this context.") from error
    urls = {relation: links.url(at, roster.tool, roster.context) for relation, at in answered.links.items()}
    return {**answered.container, **urls}


def place(launch: Launch, roster: Roster, asked: Asked) -> Place:
    """Where in the roster a request asks: at the place of a URL, or at the beginning of a new walk."""
    now = days.milliseconds(timezone.now())
    if asked.url is not None:
        found = place_of(asked.url, roster)
        return replace(found, begun=found.begun or now)
    rlid = str(launch.resource_link.uuid) if asked.by_resource_link else None
    role = None if asked.role is None else roles.asked(asked.role)
    return Place(begun=now, limit=asked.limit, role=role, rlid=rlid)


def place_of(url: str, roster: Roster) -> Place:
    """The place that a URL of an earlier answer means. It is read and never fetched."""
    service, _, query = url.partition("?")
    try:
        [(name, sealed)] = parse_qsl(query, keep_blank_values=True, max_num_fields=1)
        found = links.unseal(sealed, roster.tool, roster.context)
    except (ValueError, TypeError) as error:
        raise ParametersRefused({"url": [URL_ACCEPTED]}) from error
    if service != addresses.memberships_url(roster.context.uuid) or name != links.parameter(found):
        raise ParametersRefused({"url": [URL_ACCEPTED]})
    return found


def launched(launch: Launch, *, has_resource_link: bool) -> dict[str, Any]:
    """Who launched, from which platform, where: what the launch's id_token says."""
    link = launch.resource_link
    person = person_of(launch, roster_of_launch(launch, on=days.today()))
    told = {name: person[name] for name in (*PERSON, "roles", "lis_person_sourcedid") if name in person}
    place = {"resourceLink": {"id": str(link.uuid), "title": link.label}} if has_resource_link else {}
    return {
        "user": {"id": person["user_id"], **told},
        "platform": {
            "url": addresses.issuer(),
            "clientId": link.deployment.tool.client_id,
            "deploymentId": link.deployment.deployment_id,
            "productFamilyCode": claims.PRODUCT,
        },
        "context": {**context_claim(link.context), "type": [claims.GROUP]},
        "launch": {"id": str(launch.uuid), "type": claims.RESOURCE_LINK_REQUEST, **place},
    }
