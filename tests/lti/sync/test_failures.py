"""What keeps a sync from being done: nothing is written then, and it says why."""

import pytest
from django.db import DatabaseError

from lti.models import CourseLink, CourseSync
from lti.sync import run as sync_run
from organizations.models import Organization
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import make_link
from tests.lti.sync.members import as_member
from tests.lti.sync.runs import TUESDAY, held, run
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_course_that_is_not_shown_to_its_end_ends_nobody(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.hana), as_member(sample.chloe))
    course.fail("The learning platform did not answer in time.")

    report = run(link, TUESDAY, allow_ends=True)

    assert (report.outcome, report.reason) == ("failed", "The learning platform did not answer in time.")
    assert [row[0] for row in held(sample.chess_club, sample.nadia, sample.hana, sample.chloe)] == [
        "hana.morikawa",
        "nadia.farouk",
    ]


def test_what_fails_in_the_database_is_taken_back_and_shown(
    sample: SampleData, link: CourseLink, course: FakeCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("secret")

    monkeypatch.setattr(sync_run, "store_matches", fail)
    course.say(as_member(sample.nadia))

    report = run(link)

    assert report.reason == "The database failed, and took everything back (DatabaseError)."
    assert held(sample.chess_club, sample.nadia) == []
    assert CourseSync.objects.get().outcome == "failed"


def test_a_link_that_is_not_active_is_not_synced(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    CourseLink.objects.update(is_active=False)
    course.say(as_member(sample.nadia))

    report = run(link)

    assert (report.outcome, report.reason) == ("stopped", "The link is not active.")
    assert held(sample.chess_club, sample.nadia) == []


def test_a_retired_organization_is_not_synced(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    Organization.objects.filter(pk=sample.chess_club.pk).retire()
    course.say(as_member(sample.nadia))

    assert run(link).reason == "Chess Club is inactive. Reactivate it first."


def test_a_link_without_roles_says_so(sample: SampleData, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))

    assert run(make_link(sample.chess_club)).reason == (
        "No role of the course has a position here. Add roles to the link."
    )
