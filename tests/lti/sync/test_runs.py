"""Runs are remembered without naming anybody; a dry run writes nothing at all."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti.models import CourseLink, CourseSync
from lti.models.course_sync import RETENTION
from organizations.models import Organization, Position
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import MONDAY, TUESDAY, held, noon, run
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def everything(course: FakeCourse, sample: SampleData) -> None:
    """Somebody new, somebody there, a stranger, and a role that stands for nothing."""
    mentor = "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor"
    unknown = member("7", name="Pat Doe", email="pat@example.net")
    course.say(as_member(sample.nadia), as_member(sample.amara), unknown, as_member(sample.ben, mentor))


def test_a_run_is_stored_with_its_numbers(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    everything(course, sample)

    run(link, by=sample.jolene)

    names = [field.attname for field in CourseSync._meta.concrete_fields if field.name != "id"]
    assert CourseSync.objects.values(*names).get() == {
        "link_id": link.pk,
        "begun_at": noon(MONDAY),
        "by_id": sample.jolene.pk,
        "outcome": "done",
        "reason": "",
        "allowed_ends": False,
        "members": 4,
        "added": 1,
        "kept": 0,
        "already_there": 1,
        "ended": 0,
        "left_out": 0,
        "unmatched": 1,
        "unmapped": 1,
    }


def test_a_run_that_failed_is_stored_with_the_reason(link: CourseLink, course: FakeCourse) -> None:
    course.fail("The learning platform did not answer in time.")

    run(link)

    row = CourseSync.objects.get()
    assert (row.outcome, row.reason, row.by) == ("failed", "The learning platform did not answer in time.", None)


def test_runs_of_long_ago_are_deleted(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))
    run(link, MONDAY - RETENTION - dt.timedelta(days=1))
    run(link, MONDAY - RETENTION)

    run(link, MONDAY)

    assert [row.begun_at for row in CourseSync.objects.order_by("begun_at")] == [noon(MONDAY - RETENTION), noon(MONDAY)]


def test_a_dry_run_tells_what_a_sync_would_do(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    everything(course, sample)

    assert list(run(link, dry_run=True).lines()) == [
        "Chess Club from General Chemistry, Campus LMS",
        "  4 in the course",
        "  1 would be added",
        "    Nadia Farouk (nadia.farouk), Member",
        "  0 kept",
        "  1 already there",
        "  0 would be ended",
        "  0 left out: taken off the roster by hand",
        "  1 unmatched: nobody was made for them",
        "    Pat Doe, pat@example.net (LMS user 7): No account here matches what the LMS sends.",
        "  1 unmapped",
        "    Mentor: 1",
        "  0 positions would be made",
        "This was a dry run: nothing was written.",
    ]


def test_a_dry_run_writes_nothing(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    link.roles.update(template=sample.treasurer_kind)
    everything(course, sample)

    with CaptureQueriesContext(connection) as queries:
        report = run(link, dry_run=True)

    assert report.positions_made == ["Treasurer"]
    verbs = {query["sql"].split()[0] for query in queries}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE"}
    assert not any("FOR UPDATE" in query["sql"] for query in queries)
    assert not Position.objects.filter(template=sample.treasurer_kind, organization=sample.chess_club).exists()


def test_a_dry_run_of_a_link_that_is_not_active_yet_is_possible(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    CourseLink.objects.update(is_active=False)
    Organization.objects.filter(pk=sample.chess_club.pk).retire()
    course.say(as_member(sample.nadia))

    assert run(link, dry_run=True).counts["added"] == 1


def test_a_dry_run_tells_what_would_stop_a_sync(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))
    run(link)
    course.say()

    report = run(link, TUESDAY, dry_run=True)

    assert (report.outcome, report.may_be_allowed, report.counts["ended"]) == ("stopped", True, 1)
    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_long_lists_are_cut_in_text_and_whole_in_json(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(*(member(str(number)) for number in range(25)))

    report = run(link)

    assert "    ... and 5 more" in list(report.lines())
    assert len(report.as_json()["people"]["unmatched"]) == 25


def test_a_program_reads_the_report_as_json(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    everything(course, sample)

    assert run(link).as_json() == {
        "organization": {"id": sample.chess_club.pk, "name": "Chess Club"},
        "course": {"id": link.course.pk, "title": "General Chemistry"},
        "dry_run": False,
        "outcome": "done",
        "why": "",
        "counts": {
            "members": 4,
            "added": 1,
            "kept": 0,
            "already_there": 1,
            "ended": 0,
            "left_out": 0,
            "unmatched": 1,
            "unmapped": 1,
        },
        "people": {
            "added": [{"user_id": sample.nadia.pk, "person": "Nadia Farouk (nadia.farouk)", "position": "Member"}],
            "ended": [],
            "left_out": [],
            "unmatched": [
                {
                    "lms_user_id": "7",
                    "name": "Pat Doe",
                    "email": "pat@example.net",
                    "sis_id": "",
                    "why": "No account here matches what the LMS sends.",
                }
            ],
        },
        "unmapped_roles": {"http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor": 1},
        "positions_made": [],
    }
