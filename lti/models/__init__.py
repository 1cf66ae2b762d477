from lti.models.access_token import AccessToken
from lti.models.context import Context
from lti.models.course import Course
from lti.models.course_launch import CourseLaunch
from lti.models.course_link import CourseLink
from lti.models.course_role import CourseRole
from lti.models.course_sync import CourseSync
from lti.models.deployment import Deployment
from lti.models.disclosed import Disclosed
from lti.models.invitation import Invitation
from lti.models.launch import Launch
from lti.models.learning_platform import LearningPlatform
from lti.models.platform_deployment import PlatformDeployment
from lti.models.platform_key import PlatformKey
from lti.models.recognized import Recognized
from lti.models.resource_link import ResourceLink
from lti.models.service_key import ServiceKey
from lti.models.synced_membership import SyncedMembership
from lti.models.tool import Tool
from lti.models.tool_api_key import ToolApiKey
from lti.models.tool_key import ToolKey
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
    "ServiceKey",
    "SyncedMembership",
    "Tool",
    "ToolApiKey",
    "ToolKey",
    "UsedNonce",
]
