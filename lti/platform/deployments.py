"""The tools that are used in an organization, and how one of them is opened."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti.core import urls
from lti.models import Deployment
from organizations.models import Organization


def deployments_in(organization: Organization, deployment_id: str | None = None) -> list[Deployment]:
    """The deployments in force in an organization that their tools may know of; of one id only, if it is given."""
    in_force = Deployment.objects.in_force().covering(organization).select_related("tool")
    if deployment_id is not None:
        in_force = in_force.filter(deployment_id=deployment_id)
    deployments = list(in_force)
    audiences = {deployment.tool.audience: deployment.tool.reads for deployment in deployments}
    seeing = {
        name
        for name, reads in audiences.items()
        if Organization.objects.visible_to(reads).filter(pk=organization.pk).exists()
    }
    return [deployment for deployment in deployments if deployment.tool.audience in seeing]


def login_url_of(deployment: Deployment, user_id: int, target_link_uri: str, *, hint: str) -> str:
    """The login URL of a tool, with the parameters by which it asks for an id_token for a person."""
    tool = deployment.tool
    hints = {
        "iss": urls.issuer(),
        "login_hint": tool.subject_of(user_id),
        "target_link_uri": target_link_uri,
        "lti_message_hint": hint,
        "client_id": tool.client_id,
        "lti_deployment_id": deployment.deployment_id,
    }
    parts = urlsplit(tool.login_url)
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *hints.items()])
    return urlunsplit(parts._replace(query=query))
