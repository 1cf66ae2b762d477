from lti.models import Context, Course, CourseLaunch, CourseRole, Deployment, Launch, PlatformDeployment
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


class ByCourseLink(ByAutocomplete):
    """Rows of one linked organization."""

    title = "linked organization"
    parameter = "link"
    relation = "link"
    offered_by = (CourseRole, "link")


class ByPlatform(ByAutocomplete):
    """Rows of one learning platform."""

    title = "learning platform"
    parameter = "platform"
    relation = "platform"
    offered_by = (PlatformDeployment, "platform")


class ByPlatformOfCourse(ByPlatform):
    relation = "deployment__platform"


class ByPlatformOfLaunch(ByPlatform):
    relation = "course__deployment__platform"


class ByDeploymentOfCourse(ByAutocomplete):
    """Courses of one deployment in an LMS."""

    title = "deployment"
    parameter = "deployment"
    relation = "deployment"
    offered_by = (Course, "deployment")


class ByCourse(ByAutocomplete):
    """Launches, or service keys, of one course."""

    title = "course"
    parameter = "course"
    relation = "course"
    offered_by = (CourseLaunch, "course")
