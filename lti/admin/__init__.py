"""The admin of LTI: tools, deployments, keys, launches, disclosed people, learning platforms and course links."""

from lti.admin.course_links import CourseLinkAdmin, CourseRoleAdmin
from lti.admin.course_syncs import CourseSyncAdmin, RecognizedAdmin
from lti.admin.deployments import ContextAdmin, DeploymentAdmin, ResourceLinkAdmin
from lti.admin.invitations import InvitationAdmin
from lti.admin.keys import PlatformKeyAdmin, ToolApiKeyAdmin, ToolKeyAdmin
from lti.admin.launches import DisclosedAdmin, LaunchAdmin, ServiceKeyAdmin
from lti.admin.learning_platforms import (
    CourseAdmin,
    CourseLaunchAdmin,
    LearningPlatformAdmin,
    PlatformDeploymentAdmin,
)
from lti.admin.tools import ToolAdmin

__all__ = [
    "ContextAdmin",
    "CourseAdmin",
    "CourseLaunchAdmin",
    "CourseLinkAdmin",
    "CourseRoleAdmin",
    "CourseSyncAdmin",
    "DeploymentAdmin",
    "DisclosedAdmin",
    "InvitationAdmin",
    "LaunchAdmin",
    "LearningPlatformAdmin",
    "PlatformDeploymentAdmin",
    "PlatformKeyAdmin",
    "RecognizedAdmin",
    "ResourceLinkAdmin",
    "ServiceKeyAdmin",
    "ToolAdmin",
    "ToolApiKeyAdmin",
    "ToolKeyAdmin",
]
