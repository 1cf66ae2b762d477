"""A chess club that takes its members from a course, and what the course says."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from lti.models import CourseLink
from lti.sync import run
from lti.tool.course_roster import Member
from lti.tool.unavailable import CourseUnavailable
from roster.models import User
from tests.lti.sync.links import make_link
from tests.pages import signed_in
from tests.sample_data import SampleData


class FakeCourse:
    """The roster of a course, as the test says it is."""

    def __init__(self) -> None:
        self.members: list[Member] = []
        self.failure: str | None = None
        self.asked = 0

    def say(self, *members: Member) -> None:
        self.members, self.failure = list(members), None

    def fail(self, words: str) -> None:
        """Break off after what was said."""
        self.failure = words

    def answer(self, course: Any) -> Iterator[Member]:
        self.asked += 1
        yield from self.members
        if self.failure:
            raise CourseUnavailable(self.failure)


@pytest.fixture
def course(monkeypatch: pytest.MonkeyPatch) -> FakeCourse:
    """What every course says."""
    fake_course = FakeCourse()
    monkeypatch.setattr(run, "members", fake_course.answer)
    return fake_course


@pytest.fixture
def link(sample: SampleData) -> CourseLink:
    """The chess club, linked: learners become members, instructors presidents."""
    return make_link(sample.chess_club, learner=sample.member_kind, instructor=sample.president_kind)


@pytest.fixture
def client(sample: SampleData) -> Client:
    """An administrator's browser."""
    return signed_in(User.objects.create_superuser("root"))
