"""The values that administrators of tools and LMS copy, for the command, the admin and the documentation."""

from typing import Any

from lti import claims
from lti.core import urls
from lti.models import Context, Deployment
from roster.privacy import STAFF


def tool_configuration(deployment: Deployment) -> dict[str, Any]:
    """The values of this platform that a tool needs for a deployment."""
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
    """The organizations that a deployment names, with the URLs of their rosters."""
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
    """The values of this server that an LMS needs to use it as a tool."""
    return {
        "target_link_uri": urls.course_launch_url(),
        "initiate_login_uri": urls.course_login_url(),
        "redirect_uri": urls.course_launch_url(),
        "jwks_uri": urls.jwks_url(),
        "scope": claims.NRPS_SCOPE,
        "registration_url": urls.course_registration_url(),
    }
