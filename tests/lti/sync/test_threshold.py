"""A sync that would end most of a roster stops before it writes anything, unless that is allowed."""

import pytest

from lti.models import CourseLink, CourseSync
from lti.tool.course_roster import Member
from memberships.models import Membership
from roster.models import User
from tests.lti.many_members import join
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import MONDAY, TUESDAY, held, run
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def crowd(sample: SampleData, link: CourseLink, course: FakeCourse) -> list[User]:
    """Forty people whom a sync has put into the chess club."""
    people = join(sample.lighting, 40)
    User.objects.filter(pk__in=[person.pk for person in people]).update(campus_email="")
    for person in people:
        person.sis_id = f"S{person.username}"
    User.objects.bulk_update(people, ["sis_id"])
    course.say(*(as_member_of(person) for person in people))
    assert run(link, MONDAY).counts["added"] == 40
    return people


def as_member_of(person: User) -> Member:
    return as_member(person, email=None, lis_person_sourcedid=person.sis_id)


def ended() -> int:
    return Membership.objects.exclude(synced=None).exclude(recorded_end=None).count()


def test_a_quarter_may_leave(crowd: list[User], link: CourseLink, course: FakeCourse) -> None:
    course.say(*(as_member_of(person) for person in crowd[10:]))

    assert run(link, TUESDAY).is_done
    assert ended() == 10


def test_more_than_a_quarter_stops_the_sync_before_it_writes(
    sample: SampleData, crowd: list[User], link: CourseLink, course: FakeCourse
) -> None:
    before = list(Membership.objects.order_by("pk").values())
    course.say(*(as_member_of(person) for person in crowd[11:]), as_member(sample.nadia))

    report = run(link, TUESDAY)

    assert list(Membership.objects.order_by("pk").values()) == before
    assert report.outcome == "stopped"
    assert report.reason == (
        "This would end 11 of the 40 memberships that syncs keep here, more than 25 %. Nothing was written. If the "
        f"course is right, allow it: `manage.py sync_course {sample.chess_club.pk} --allow-ends`, or the button of the "
        "report in the admin."
    )
    assert (report.counts["added"], report.counts["ended"]) == (1, 11)


def test_a_stopped_sync_remembers_nobody(
    crowd: list[User], link: CourseLink, course: FakeCourse, sample: SampleData
) -> None:
    course.say(as_member(sample.nadia))

    run(link, TUESDAY)

    assert not link.course.platform.recognized.filter(user=sample.nadia).exists()


def test_allowed_it_ends_them_all(crowd: list[User], link: CourseLink, course: FakeCourse) -> None:
    course.say(*(as_member_of(person) for person in crowd[39:]))

    assert run(link, TUESDAY, allow_ends=True).is_done
    assert ended() == 39


def test_each_link_has_its_own_threshold(crowd: list[User], link: CourseLink, course: FakeCourse) -> None:
    CourseLink.objects.update(most_ends=50)
    course.say(*(as_member_of(person) for person in crowd[20:]))

    assert run(link, TUESDAY).is_done
    assert ended() == 20


def test_an_empty_course_ends_nobody(crowd: list[User], link: CourseLink, course: FakeCourse) -> None:
    CourseLink.objects.update(most_ends=100)
    course.say()

    report = run(link, TUESDAY)

    assert report.reason.startswith(
        "The course has no members. This would end 40 of the 40 memberships that syncs keep here. Nothing was written."
    )
    assert ended() == 0


def test_a_course_that_tells_of_unknown_people_only_ends_nobody(
    crowd: list[User], link: CourseLink, course: FakeCourse
) -> None:
    CourseLink.objects.update(most_ends=100)
    course.say(*(member(str(number)) for number in range(40)))

    assert run(link, TUESDAY).outcome == "stopped"
    assert ended() == 0


def test_another_course_is_a_change_that_has_to_be_allowed(
    sample: SampleData, crowd: list[User], link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))

    assert run(link, TUESDAY).outcome == "stopped"
    assert run(link, TUESDAY, hour=1, allow_ends=True).is_done
    assert [row[0] for row in held(sample.chess_club, sample.nadia, sample.hana)] == ["hana.morikawa", "nadia.farouk"]


def test_whether_it_was_allowed_is_stored(crowd: list[User], link: CourseLink, course: FakeCourse) -> None:
    course.say()
    run(link, TUESDAY)
    run(link, TUESDAY, hour=1, allow_ends=True)

    runs = CourseSync.objects.order_by("begun_at").values_list("outcome", "allowed_ends", "ended")
    assert list(runs) == [("done", False, 0), ("stopped", False, 40), ("done", True, 40)]
