"""What keeps a sync from being done: nothing is written then, and it says why."""

import pytest
from django.db import DatabaseError

from lti.models import CourseLink, CourseSync
from lti.sync import syncing
from organizations.models import Organization
from tests.cast import Cast
from tests.lti.sync.conftest import SaidCourse
from tests.lti.sync.links import make_link
from tests.lti.sync.members import as_member
from tests.lti.sync.runs import TUESDAY, held, run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_course_that_is_not_told_to_its_end_ends_nobody(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    course.say(as_member(cast.nadia), as_member(cast.hana))
    run(link)
    course.say(as_member(cast.hana), as_member(cast.chloe))
    course.fail("The learning platform did not answer in time.")

    report = run(link, TUESDAY, allow_ends=True)

    assert (report.outcome, report.said) == ("failed", "The learning platform did not answer in time.")
    assert [row[0] for row in held(cast.chess_club, cast.nadia, cast.hana, cast.chloe)] == [
        "hana.morikawa",
        "nadia.farouk",
    ]


def test_what_fails_in_the_database_is_taken_back_and_told(
    cast: Cast, link: CourseLink, course: SaidCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("secret")

    monkeypatch.setattr(syncing, "recognize", fail)
    course.say(as_member(cast.nadia))

    report = run(link)

    assert report.said == "The database failed, and took everything back (DatabaseError)."
    assert held(cast.chess_club, cast.nadia) == []
    assert CourseSync.objects.get().outcome == "failed"


def test_a_link_that_is_not_active_is_not_synced(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    CourseLink.objects.update(is_active=False)
    course.say(as_member(cast.nadia))

    report = run(link)

    assert (report.outcome, report.said) == ("stopped", "The link is not active.")
    assert held(cast.chess_club, cast.nadia) == []


def test_a_retired_organization_is_not_synced(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    Organization.objects.filter(pk=cast.chess_club.pk).retire()
    course.say(as_member(cast.nadia))

    assert run(link).said == "Chess Club is inactive. Reactivate it first."


def test_a_link_without_roles_says_so(cast: Cast, course: SaidCourse) -> None:
    course.say(as_member(cast.nadia))

    assert run(make_link(cast.chess_club)).said == ("No role of the course has a position here. Add roles to the link.")
