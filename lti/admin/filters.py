from lti.models import Context, Deployment, Launch
from roster.admin.filters import ByAutocomplete


class ByTool(ByAutocomplete):
    """Rows of one tool."""

    title = "tool"
    parameter = "tool"
    relation = "tool"
    offered_by = (Deployment, "tool")


class ByToolOfLink(ByTool):
    relation = "deployment__tool"


class ByToolOfLaunch(ByTool):
    relation = "resource_link__deployment__tool"


class ByOrganization(ByAutocomplete):
    """Rows of one organization."""

    title = "organization"
    parameter = "organization"
    relation = "context__organization"
    offered_by = (Context, "organization")


class ByOrganizationOfLaunch(ByOrganization):
    relation = "resource_link__context__organization"


class ByOrganizationItself(ByOrganization):
    relation = "organization"


class ByLink(ByAutocomplete):
    """Launches from one resource link."""

    title = "resource link"
    parameter = "resource_link"
    relation = "resource_link"
    offered_by = (Launch, "resource_link")


class ByOrganizationCovered(ByOrganization):
    relation = "organizations"
