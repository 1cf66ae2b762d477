"""The values that a tool's administrator must copy, in one place: for the command, the admin and the documentation."""

from typing import Any

from lti import addresses, claims
from lti.models import Context, Deployment
from roster.privacy import STAFF


def handover(deployment: Deployment) -> dict[str, Any]:
    """What a tool must be told of this platform to work with a deployment."""
    return {
        "issuer": addresses.issuer(),
        "client_id": deployment.tool.client_id,
        "deployment_id": deployment.deployment_id,
        "authorization_endpoint": addresses.authorize_url(),
        "token_endpoint": addresses.token_url(),
        "jwks_uri": addresses.jwks_url(),
        "openid_configuration": addresses.configuration_url(),
    }


def contexts(deployment: Deployment) -> list[dict[str, Any]]:
    """The organizations that a deployment names, with the address of each one's roster."""
    found = []
    for organization in deployment.organizations.in_wire_order(STAFF):
        context = Context.objects.of(organization)
        found.append(
            {
                "organization_id": organization.pk,
                "context_id": str(context.uuid),
                "context_memberships_url": addresses.memberships_url(context.uuid),
            }
        )
    return found


def for_learning_platform() -> dict[str, str]:
    """What an LMS must be told of this server to use it as a tool."""
    return {
        "target_link_uri": addresses.course_launch_url(),
        "initiate_login_uri": addresses.course_login_url(),
        "redirect_uri": addresses.course_launch_url(),
        "jwks_uri": addresses.jwks_url(),
        "scope": claims.NRPS_SCOPE,
        "registration_url": addresses.course_registration_url(),
    }
