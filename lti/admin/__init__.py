"""The admin of LTI: tools and where they are used, keys, launches, and who was disclosed to whom."""

from lti.admin.deployments import ContextAdmin, DeploymentAdmin, ResourceLinkAdmin
from lti.admin.invitations import InvitationAdmin
from lti.admin.keys import PlatformKeyAdmin, ToolApiKeyAdmin, ToolKeyAdmin
from lti.admin.records import DisclosedAdmin, LaunchAdmin
from lti.admin.tools import ToolAdmin

__all__ = [
    "ContextAdmin",
    "DeploymentAdmin",
    "DisclosedAdmin",
    "InvitationAdmin",
    "LaunchAdmin",
    "PlatformKeyAdmin",
    "ResourceLinkAdmin",
    "ToolAdmin",
    "ToolApiKeyAdmin",
    "ToolKeyAdmin",
]
