"""The values that a tool's administrator must copy, in one place: for the command, the admin and the documentation."""

from typing import Any

from lti import claims
from lti.core import urls
from lti.models import Context, Deployment
from roster.privacy import STAFF


def tool_configuration(deployment: Deployment) -> dict[str, Any]:
    """What a tool must be told of this platform to work with a deployment."""
    return {
        "issuer": urls.issuer(),
        "client_id": deployment.tool.client_id,
        "deployment_id": deployment.deployment_id,
        "authorization_endpoint": urls.authorize_url(),
        "token_endpoint": urls.token_url(),
        "jwks_uri": urls.jwks_url(),
        "openid_configuration": urls.configuration_url(),
    }


def context_configuration(deployment: Deployment) -> list[dict[str, Any]]:
    """The organizations that a deployment names, with the address of each one's roster."""
    found = []
    for organization in deployment.organizations.in_wire_order(STAFF):
        context = Context.objects.of(organization)
        found.append(
            {
                "organization_id": organization.pk,
                "context_id": str(context.uuid),
                "context_memberships_url": urls.memberships_url(context.uuid),
            }
        )
    return found


def platform_configuration() -> dict[str, str]:
    """What an LMS must be told of this server to use it as a tool."""
    return {
        "target_link_uri": urls.course_launch_url(),
        "initiate_login_uri": urls.course_login_url(),
        "redirect_uri": urls.course_launch_url(),
        "jwks_uri": urls.jwks_url(),
        "scope": claims.NRPS_SCOPE,
        "registration_url": urls.course_registration_url(),
    }
