from lti.models.access_token import AccessToken
from lti.models.context import Context, Disclosed, ResourceLink
from lti.models.course import Course, CourseLaunch
from lti.models.course_link import CourseLink, CourseRole
from lti.models.course_sync import CourseSync, Recognized, SyncedMembership
from lti.models.deployment import Deployment
from lti.models.invitation import Invitation
from lti.models.launch import Launch
from lti.models.learning_platform import LearningPlatform, PlatformDeployment
from lti.models.platform_key import PlatformKey
from lti.models.tool import Tool, ToolApiKey, ToolKey
from lti.models.used_nonce import UsedNonce

__all__ = [
    "AccessToken",
    "Context",
    "Course",
    "CourseLaunch",
    "CourseLink",
    "CourseRole",
    "CourseSync",
    "Deployment",
    "Disclosed",
    "Invitation",
    "Launch",
    "LearningPlatform",
    "PlatformDeployment",
    "PlatformKey",
    "Recognized",
    "ResourceLink",
    "SyncedMembership",
    "Tool",
    "ToolApiKey",
    "ToolKey",
    "UsedNonce",
]
