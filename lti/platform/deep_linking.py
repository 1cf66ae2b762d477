"""Requests for content: staff let a tool choose what its links in an organization open (LTI Deep Linking 2.0)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from lti import claims, roles
from lti.core import custom_parameters, urls
from lti.models import Context, Deployment, ResourceLink
from lti.nrps.roster import MemberRow, Roster
from lti.platform.deep_linking_state import DATA, DeepLinkingState
from lti.platform.deployments import deployment_in, deployments_in
from lti.platform.id_token import disclosed_person, signed_message
from organizations.models import Organization
from roster import days
from roster.api.authentication import audience_of
from roster.models import User
from roster.privacy import Audience, may_grant

PERMISSION = "lti.add_resourcelink"

CONTENT_DEVELOPER = roles.context_role("ContentDeveloper")
"""The role in a deep linking request of whoever may add links, beside their roles in the organization."""


@dataclass(frozen=True)
class Parties:
    """The rows that a state names."""

    user: User
    deployment: Deployment
    organization: Organization


def choosable_deployments(user: Any, organization: Organization) -> list[Deployment]:
    """The deployments in an organization whose tools a person may let choose content for it."""
    if not may_add_links(user):
        return []
    audience = audience_of(user)
    return [deployment for deployment in deployments_in(organization) if is_choosable(deployment, audience)]


def choosable_deployment(user: Any, organization: Organization, **chosen: Any) -> Deployment | None:
    """The one of `choosable_deployments` with these values. Only it is read."""
    deployment = deployment_in(organization, **chosen) if may_add_links(user) else None
    return deployment if deployment and is_choosable(deployment, audience_of(user)) else None


def may_add_links(user: Any) -> bool:
    return bool(user.is_active and user.is_staff and user.has_perm(PERMISSION))


def is_choosable(deployment: Deployment, audience: Audience) -> bool:
    """Does the tool support deep linking, and may this audience grant what the deployment reads?"""
    return deployment.tool.supports_deep_linking and may_grant(audience, deployment.grants)


def parties_of(state: DeepLinkingState) -> Parties | None:
    """Who and what a state names, if the person may still do this, and the tool is still used there."""
    user = User.objects.filter(pk=state.user_id).first()
    if user is None:
        return None
    organization = Organization.objects.visible_to(audience_of(user)).filter(pk=state.organization).first()
    if organization is None:
        return None
    deployment = choosable_deployment(user, organization, pk=state.deployment)
    return Parties(user, deployment, organization) if deployment else None


def request_token(state: DeepLinkingState, parties: Parties, nonce: str, *, on: dt.datetime) -> str:
    """The signed LtiDeepLinkingRequest. It discloses of the person what a launch does."""
    deployment, organization = parties.deployment, parties.organization
    roster = Roster(deployment.tool, deployment, Context.objects.of(organization), days.today())
    person = disclosed_person(parties.user.pk, roster)
    person = {**person, "roles": roles.merged([person["roles"], [CONTENT_DEVELOPER]])}
    message = {
        claims.MESSAGE_TYPE: claims.DEEP_LINKING_REQUEST,
        claims.TARGET_LINK_URI: deployment.tool.chooses_at,
        claims.CUSTOM: parameters_of(roster, person),
        claims.DEEP_LINKING_SETTINGS: {
            "deep_link_return_url": urls.deep_linking_return_url(),
            "accept_types": [claims.RESOURCE_LINK_ITEM],
            "accept_presentation_document_targets": ["window"],
            "accept_multiple": True,
            "accept_lineitem": False,
            "auto_create": True,
            "data": state.encrypted(DATA),
        },
    }
    return signed_message(message, roster, person, nonce, on=on)


def parameters_of(roster: Roster, person: MemberRow) -> dict[str, str]:
    """The custom parameters of the tool. There is no link yet: variables of one are not substituted."""
    link = ResourceLink(deployment=roster.deployment, context=roster.context)
    values = custom_parameters.substitute_variables(link, person)
    given = roster.tool.custom.items()
    return {name: value if value.startswith("$ResourceLink.") else values[name] for name, value in given}
