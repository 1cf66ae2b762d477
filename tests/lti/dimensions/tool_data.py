"""One of each thing of LTI around a club, and as much more of each as is asked for."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from lti.models import (
    AccessToken,
    Context,
    Course,
    CourseLaunch,
    CourseLink,
    CourseRole,
    CourseSync,
    Deployment,
    Disclosed,
    Invitation,
    Launch,
    LearningPlatform,
    PlatformDeployment,
    PlatformKey,
    Recognized,
    ResourceLink,
    ServiceKey,
    SyncedMembership,
    Tool,
    ToolApiKey,
    ToolKey,
    UsedNonce,
)
from roster.models import ApiKey, User
from tests.client import new_client
from tests.lti.launches import launched
from tests.lti.ltik.ltik_api import key_of, ltik_of, service_key_of
from tests.lti.many_members import join
from tests.lti.sync.links import LEARNER, make_link
from tests.lti.tool.launching import lms_key
from tests.lti.tool.lms import Lms, Reply, person
from tests.lti.tools import access_token, ask, deploy, links, make_tool, path_of, private_key
from tests.wire import sample_organization

PASSWORD = "a long word 42"


def names(size: int) -> list[str]:
    """As many names that nothing has yet."""
    return [uuid.uuid4().hex for _ in range(size)]


class ToolData(sample_organization.SampleOrganization):
    """A club in which a tool is used, and a course that opens it."""

    def __init__(self, lms: Lms) -> None:
        super().__init__()
        self.lms = lms
        self.tool = make_tool("Poll", supports_deep_linking=True)
        self.deployment = deploy(self.tool, self.organization)
        self.context = Context.objects.of(self.organization)
        self.link = ResourceLink.objects.create(deployment=self.deployment, context=self.context)
        self.launch = launched(self.link, self.person.pk)
        PlatformKey.signing()
        self.platform = lms.platform(tool=self.tool)
        jwks = {"keys": [lms_key("lms-1").as_dict(private=False)]}
        self.platform.store_jwks(jwks, on=timezone.now())
        lms.replies["/keys"] = Reply(jwks)  # for a benchmark that takes longer than keys are stored
        self.course = lms.course(self.platform)
        self.course_launch = CourseLaunch.objects.create(
            course=self.course, subject="u1", resource_link_id="1", memberships_url=self.course.memberships_url
        )
        self.course_link = make_link(self.organization, learner=self.template, course=self.course)
        lms.tells(person("u1"), person("u2"))
        self.sign_everybody_in()

    def sign_everybody_in(self) -> None:
        """What each of those shows who ask: the tool, its backend, a member and staff."""
        self.token, self.key = access_token(self.tool), key_of(self.tool, may_launch=True)
        self.ltik, self.course_ltik = ltik_of(self.launch), ltik_of(self.course_launch)
        self.service_key, self.course_service_key = service_key_of(self.launch), service_key_of(self.course_launch)
        self.since = links(ask(self.token, path_of(self.organization)))["differences"]
        self.person.set_password(PASSWORD)
        self.person.save()
        self.browser = signed_in(self.person)
        staff = User.objects.create_user("root", is_staff=True)
        permissions = ("add_learningplatform", "add_resourcelink")
        staff.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
        self.staff_browser = signed_in(staff)

    def people(self, size: int) -> list[User]:
        return join(self.position, size, first=User.objects.count())

    def tools(self, size: int) -> None:
        """Tools that are used in the club, each with a key."""
        urls = {"login_url": "https://x", "target_link_url": "https://x", "redirect_urls": ["https://x"]}
        tools = Tool.objects.bulk_create(
            Tool(name=name, client_id=name, audience="campus", **urls) for name in names(size)
        )
        Deployment.objects.bulk_create(Deployment(tool=tool, is_campus_wide=True) for tool in tools)
        public_jwk = private_key().as_dict(private=False)
        ToolKey.objects.bulk_create(ToolKey(tool=tool, kid="poll-1", public_jwk=public_jwk) for tool in tools)

    def tool_keys(self, size: int) -> None:
        public_jwk = private_key("other").as_dict(private=False)
        ToolKey.objects.bulk_create(ToolKey(tool=self.tool, kid="", public_jwk=public_jwk) for _ in range(size))

    def tool_api_keys(self, size: int) -> None:
        keys = ApiKey.objects.bulk_create(ApiKey(name=name, prefix=name[:12], secret_hash=name) for name in names(size))
        ToolApiKey.objects.bulk_create(ToolApiKey(tool=self.tool, api_key=key) for key in keys)

    def access_tokens(self, size: int) -> None:
        """Expired ones, which the next token forgets, and good ones."""
        for hours in (-1, 1):
            expires_at = timezone.now() + dt.timedelta(hours=hours)
            AccessToken.objects.bulk_create(
                AccessToken(tool=self.tool, token_hash=name, expires_at=expires_at) for name in names(size)
            )

    def deployments(self, size: int) -> None:
        Deployment.objects.bulk_create(Deployment(tool=self.tool, is_campus_wide=True) for _ in range(size))

    def resource_links(self, size: int) -> list[ResourceLink]:
        return ResourceLink.objects.bulk_create(
            ResourceLink(deployment=self.deployment, context=self.context, title=name) for name in names(size)
        )

    def disclosed(self, size: int) -> None:
        """People that the tool was told of, who have left."""
        people = join(self.position, size, first=User.objects.count(), shown_on_campus=False)
        Disclosed.objects.bulk_create(
            Disclosed(tool=self.tool, context=self.context, user=one, digest="told") for one in people
        )

    def disclosed_to(self, size: int) -> None:
        contexts = Context.objects.bulk_create(Context(organization=one) for one in self.organizations(size))
        Disclosed.objects.bulk_create(
            Disclosed(tool=self.tool, context=context, user=self.person, digest="told") for context in contexts
        )

    def launches(self, size: int) -> None:
        Launch.objects.bulk_create(Launch(resource_link=self.link, user=self.person) for _ in range(size))

    def platforms(self, size: int) -> list[LearningPlatform]:
        usual = {"tool": self.tool, "issuer": self.platform.issuer}
        return LearningPlatform.objects.bulk_create(
            LearningPlatform(name=name, client_id=name, **usual) for name in names(size)
        )

    def recognized(self, size: int) -> None:
        usual = {"platform": self.platform, "user": self.person, "way": "email"}
        Recognized.objects.bulk_create(Recognized(subject=name, **usual) for name in names(size))

    def platform_deployments(self, size: int) -> None:
        PlatformDeployment.objects.bulk_create(
            PlatformDeployment(platform=self.platform, deployment_id=name) for name in names(size)
        )

    def courses(self, size: int) -> list[Course]:
        return Course.objects.bulk_create(
            Course(deployment=self.course.deployment, context_id=name) for name in names(size)
        )

    def course_launches(self, size: int) -> None:
        """Launches of which the names are to be forgotten, and launches of today."""
        long_ago = timezone.now() - dt.timedelta(days=2)
        usual: dict[str, Any] = {"course": self.course, "subject": "u1", "resource_link_id": "1", "person": {}}
        made = CourseLaunch.objects.bulk_create(CourseLaunch(**usual) for _ in range(2 * size))
        CourseLaunch.objects.filter(pk__in=[one.pk for one in made[:size]]).update(created_at=long_ago)

    def service_keys(self, size: int) -> None:
        """Keys of the club that were revoked long ago."""
        usual = {"tool": self.tool, "deployment": self.deployment, "context": self.context}
        long_ago = timezone.now() - dt.timedelta(days=2)
        ServiceKey.objects.bulk_create(ServiceKey(revoked_at=long_ago, **usual) for _ in range(size))

    def service_keys_of_course(self, size: int) -> None:
        long_ago = timezone.now() - dt.timedelta(days=2)
        ServiceKey.objects.bulk_create(
            ServiceKey(tool=self.tool, course=self.course, revoked_at=long_ago) for _ in range(size)
        )

    def course_links(self, size: int) -> None:
        CourseLink.objects.bulk_create(
            CourseLink(organization=one, course=self.course) for one in self.organizations(size)
        )

    def course_roles(self, size: int) -> None:
        CourseRole.objects.bulk_create(
            CourseRole(link=self.course_link, role=f"{LEARNER}{name}", template=self.template) for name in names(size)
        )

    def syncs(self, size: int) -> None:
        usual = {"link": self.course_link, "begun_at": timezone.now(), "by": self.person}
        CourseSync.objects.bulk_create(CourseSync(outcome="done", **usual) for _ in range(size))

    def synced(self, size: int) -> None:
        SyncedMembership.objects.bulk_create(
            SyncedMembership(membership=one, link=self.course_link) for one in self.memberships_elsewhere(size)
        )

    def platform_keys(self, size: int) -> None:
        """Keys that were retired so lately that they are published."""
        (key,) = PlatformKey.objects.filter(signs=True)
        PlatformKey.objects.bulk_create(
            PlatformKey(kid=name, public_jwk=key.public_jwk, signs=False, retired_at=timezone.now())
            for name in names(size)
        )

    def values_seen(self, size: int) -> None:
        UsedNonce.objects.bulk_create(UsedNonce(digest=name, expires_at=timezone.now()) for name in names(size))

    def invitations(self, size: int) -> None:
        Invitation.objects.bulk_create(
            Invitation(name="Poll", token_hash=name, expires_at=timezone.now()) for name in names(size)
        )

    def contexts(self, size: int) -> None:
        Context.objects.bulk_create(Context(organization=one) for one in self.organizations(size))


def signed_in(user: User) -> Client:
    browser = new_client()
    browser.force_login(user)
    return browser


OF_LTI: dict[str, Callable[[ToolData, int], Any]] = {
    "user.disclosed_to": ToolData.disclosed_to,
    "user.course_syncs": ToolData.syncs,
    "user.recognized_in": ToolData.recognized,
    "user.lti_launches": ToolData.launches,
    "organization.lti_deployments": ToolData.tools,
    "positiontemplate.course_roles": ToolData.course_roles,
    "tool.keys": ToolData.tool_keys,
    "tool.api_keys": ToolData.tool_api_keys,
    "tool.access_tokens": ToolData.access_tokens,
    "tool.deployments": ToolData.deployments,
    "tool.disclosed": ToolData.disclosed,
    "tool.learning_platforms": ToolData.platforms,
    "tool.service_keys": ToolData.service_keys,
    "deployment.service_keys": ToolData.service_keys,
    "context.service_keys": ToolData.service_keys,
    "course.service_keys": ToolData.service_keys_of_course,
    "deployment.resource_links": ToolData.resource_links,
    "deployment.organizations": lambda data, size: data.deployment.organizations.add(*data.organizations(size)),
    "context.resource_links": ToolData.resource_links,
    "context.disclosed": ToolData.disclosed,
    "resourcelink.launches": ToolData.launches,
    "learningplatform.deployments": ToolData.platform_deployments,
    "learningplatform.recognized": ToolData.recognized,
    "platformdeployment.courses": ToolData.courses,
    "course.launches": ToolData.course_launches,
    "course.links": ToolData.course_links,
    "courselink.roles": ToolData.course_roles,
    "courselink.syncs": ToolData.syncs,
    "courselink.memberships": ToolData.synced,
}
"""By the name of a relation from or to a model of LTI: how to make so many more rows of it."""

OF_NOTHING: dict[str, Callable[[ToolData, int], Any]] = {
    "tool": ToolData.tools,
    "platformkey": ToolData.platform_keys,
    "usednonce": ToolData.values_seen,
    "invitation": ToolData.invitations,
    "context": ToolData.contexts,
}
"""By the name of a model of LTI whose rows are many of nothing else: how to make so many more of them."""

DIMENSIONS = {**sample_organization.DIMENSIONS, **OF_LTI, **OF_NOTHING, "position.memberships": ToolData.people}
