"""A crowd around one row of every LTI model, for the tests that walk all pages of the admin."""

import datetime as dt
from typing import Any

from django.db.models import Model

from lti.models import (
    Context,
    Course,
    CourseLaunch,
    Deployment,
    Disclosed,
    Invitation,
    Launch,
    LearningPlatform,
    PlatformDeployment,
    PlatformKey,
    ResourceLink,
    ServiceKey,
    Tool,
    ToolApiKey,
    ToolKey,
)
from organizations.models import Organization
from roster.models import ApiKey, User
from tests.lti.sync.link_crowd import LinkCrowd
from tests.lti.tool.platforms import make_course, make_platform
from tests.lti.tools import deploy, make_tool

NOW = dt.datetime(2025, 5, 2, 12, tzinfo=dt.UTC)


class ToolCrowd:
    """One tool with all that belongs to it, and as much more of each as is asked for."""

    def __init__(self, person: User, organization: Organization) -> None:
        self.person = person
        self.tool = make_tool("Subject")
        self.deployment = deploy(self.tool, organization)
        self.context = Context.objects.of(organization)
        self.link = ResourceLink.objects.create(deployment=self.deployment, context=self.context, title="Subject")
        self.launch = Launch.objects.create(resource_link=self.link, user=person)
        self.disclosed = Disclosed.objects.create(tool=self.tool, context=self.context, user=person)
        self.platform_key = PlatformKey.signing()
        self.api_key, _ = ToolApiKey.create(self.tool)
        self.invitation, _ = Invitation.create("Subject", on=NOW)
        self.course = make_course(make_platform(tool=self.tool))
        self.course_launch = CourseLaunch.objects.create(course=self.course, subject="s", resource_link_id="1")
        self.service_key = ServiceKey.of_launch(self.launch)
        self.links = LinkCrowd(self.course, person, organization)

    def grow(self, names: list[str], people: list[User], organizations: list[Organization]) -> None:
        urls = {"login_url": "https://x", "target_link_url": "https://x", "redirect_urls": ["https://x"]}
        tools = Tool.objects.bulk_create([Tool(name=name, client_id=name, **urls) for name in names])
        deployments = [Deployment(tool=tool) for tool in tools] + [Deployment(tool=self.tool) for _ in names]
        Deployment.objects.bulk_create(deployments)
        self.deployment.organizations.add(*organizations)
        contexts = Context.objects.bulk_create([Context(organization=organization) for organization in organizations])
        links = [ResourceLink(deployment=self.deployment, context=context) for context in contexts]
        links += [ResourceLink(deployment=deployments[0], context=self.context, title=name) for name in names]
        ResourceLink.objects.bulk_create(links)
        Launch.objects.bulk_create([Launch(resource_link=self.link, user=person) for person in people])
        Launch.objects.bulk_create([Launch(resource_link=link, user=self.person) for link in links])
        Disclosed.objects.bulk_create([Disclosed(tool=self.tool, context=self.context, user=user) for user in people])
        ToolKey.objects.bulk_create([ToolKey(tool=self.tool, kid=name, public_jwk={}) for name in names])
        retired = {"signs": False, "retired_at": NOW, "public_jwk": {}}
        PlatformKey.objects.bulk_create([PlatformKey(kid=name, **retired) for name in names])
        keys = [ApiKey(name=name, prefix=f"tool-{name}", secret_hash=name) for name in names]
        ApiKey.objects.bulk_create(keys)
        ToolApiKey.objects.bulk_create([ToolApiKey(tool=self.tool, api_key=key) for key in keys])
        Invitation.objects.bulk_create([Invitation(name=name, token_hash=name, expires_at=NOW) for name in names])
        self.grow_courses(names)
        keys_of_contexts = [
            ServiceKey(tool=self.tool, deployment=self.deployment, context=context) for context in contexts
        ]
        keys_of_courses = [ServiceKey(tool=tool, course=self.course) for tool in tools]
        revoked = ServiceKey(tool=self.tool, deployment=self.deployment, context=self.context, revoked_at=NOW)
        ServiceKey.objects.bulk_create([*keys_of_contexts, *keys_of_courses, revoked])
        self.links.grow(names, organizations)

    def grow_courses(self, names: list[str]) -> None:
        platforms = [LearningPlatform(name=name, issuer=name, client_id=name, tool=self.tool) for name in names]
        LearningPlatform.objects.bulk_create(platforms)
        deployments = [PlatformDeployment(platform=platform, deployment_id="1") for platform in platforms]
        deployments += [PlatformDeployment(platform=self.course.platform, deployment_id=name) for name in names]
        PlatformDeployment.objects.bulk_create(deployments)
        courses = [Course(deployment=deployment, context_id="1") for deployment in deployments]
        courses += [Course(deployment=self.course.deployment, context_id=name) for name in names]
        Course.objects.bulk_create(courses)
        launches = [CourseLaunch(course=course, subject="s", resource_link_id="1") for course in courses]
        launches += [CourseLaunch(course=self.course, subject=name, resource_link_id="1") for name in names]
        CourseLaunch.objects.bulk_create(launches)

    def subjects(self) -> list[Model]:
        key: Any = self.tool.keys.order_by("pk")[0]
        return [
            *(self.tool, self.deployment, self.context, self.link, self.launch, self.disclosed),
            *(self.platform_key, self.api_key, self.invitation, key),
            *(self.course.platform, self.course.deployment, self.course, self.course_launch, self.service_key),
            *self.links.subjects(),
        ]
