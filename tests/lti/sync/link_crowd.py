"""A crowd around one linked course, for the tests that walk all pages of the admin."""

import datetime as dt
from typing import Any

from django.db.models import Model

from lti.models import Course, CourseLink, CourseRole, CourseSync, LearningPlatform, Recognized
from organizations.models import Organization, PositionTemplate
from roster.models import User
from tests.lti.sync.links import LEARNER, make_link

NOW = dt.datetime(2025, 5, 2, 12, tzinfo=dt.UTC)


class LinkCrowd:
    """One link with a role, a run and a person recognized, and as much more of each as is asked for."""

    def __init__(self, course: Course, person: User, organization: Organization) -> None:
        self.course = course
        self.person = person
        self.template = PositionTemplate.objects.order_by("pk")[0]
        self.link = make_link(organization, learner=self.template, course=course)
        self.run = CourseSync.objects.create(link=self.link, begun_at=NOW, by=person, outcome="done")
        self.recognized = Recognized.objects.create(
            platform=course.platform, subject="subject", user=person, way="email"
        )

    def grow(self, names: list[str], organizations: list[Organization]) -> None:
        links = CourseLink.objects.bulk_create(
            [CourseLink(organization=organization, course=self.course) for organization in organizations]
        )
        roles = [CourseRole(link=link, role=LEARNER, template=self.template) for link in links]
        roles += [CourseRole(link=self.link, role=f"{LEARNER}{name}", template=self.template) for name in names]
        CourseRole.objects.bulk_create(roles)
        runs = [CourseSync(link=link, begun_at=NOW, by=self.person, outcome="done") for link in links]
        runs += [CourseSync(link=self.link, begun_at=NOW, outcome="failed") for _ in names]
        CourseSync.objects.bulk_create(runs)
        platforms: Any = LearningPlatform.objects.exclude(pk=self.course.platform.pk).order_by("pk")
        who = {"user": self.person, "way": "email"}
        recognized = [Recognized(platform=platform, subject="1", **who) for platform in platforms]
        recognized += [Recognized(platform=self.course.platform, subject=name, **who) for name in names]
        Recognized.objects.bulk_create(recognized, ignore_conflicts=True)

    def subjects(self) -> list[Model]:
        role: Any = self.link.roles.order_by("pk")[0]
        return [role, self.run, self.recognized, self.link]  # the parts of a link go with it
