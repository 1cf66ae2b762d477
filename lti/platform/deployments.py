"""The tools that are used in an organization, and how one of them is opened."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti.core import urls
from lti.models import Deployment, Tool
from organizations.models import Organization
from roster.json_text import is_text


def deployments_in(organization: Organization) -> list[Deployment]:
    """The deployments in force in an organization that their tools may know of."""
    deployments = list(Deployment.objects.in_force().covering(organization).select_related("tool"))
    tools = {deployment.tool.audience: deployment.tool for deployment in deployments}
    seeing = {audience for audience, tool in tools.items() if sees(tool, organization)}
    return [deployment for deployment in deployments if deployment.tool.audience in seeing]


def deployment_in(organization: Organization, **chosen: Any) -> Deployment | None:
    """The deployment with these values, if it is one of `deployments_in`."""
    if not all(is_text(value) for value in chosen.values() if not isinstance(value, int)):
        return None
    in_force = Deployment.objects.in_force().covering(organization).select_related("tool")
    deployment: Deployment | None = in_force.filter(**chosen).first()
    return deployment if deployment and sees(deployment.tool, organization) else None


def sees(tool: Tool, organization: Organization) -> bool:
    """Is the organization visible to the audience of a tool?"""
    return Organization.objects.visible_to(tool.reads).filter(pk=organization.pk).exists()


def login_url_of(deployment: Deployment, user_id: int, target_link_uri: str, *, hint: str, **more: str) -> str:
    """The login URL of a tool, with the parameters by which it asks for an id_token for a person."""
    tool = deployment.tool
    hints = {
        "iss": urls.issuer(),
        "login_hint": tool.subject_of(user_id),
        "target_link_uri": target_link_uri,
        "lti_message_hint": hint,
        "client_id": tool.client_id,
        "lti_deployment_id": deployment.deployment_id,
        **more,
    }
    parts = urlsplit(tool.login_url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *hints.items()])
    return urlunsplit(parts._replace(query=query))
