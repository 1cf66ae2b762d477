"""A sync brings the memberships of an organization in line with its course."""

import pytest

from lti.models import CourseLink, SyncedMembership
from memberships.models import Membership
from roster.reads.snapshot import current_snapshot
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import INSTRUCTOR, LEARNER, make_link
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import MONDAY, TUESDAY, WEDNESDAY, held, run
from tests.sample_data import SampleData, membership

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_members_of_the_course_become_members_of_the_organization(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana, INSTRUCTOR))

    report = run(link)

    assert held(sample.chess_club, sample.nadia, sample.hana) == [
        ("hana.morikawa", "President", "2025-05-05", ""),
        ("nadia.farouk", "Member", "2025-05-05", ""),
    ]
    none = dict.fromkeys(("kept", "already_there", "ended", "left_out", "unmatched", "unmapped"), 0)
    assert report.counts == {"members": 2, "added": 2, **none}
    assert [str(entry) for entry in report.added] == [
        "Hana Morikawa (hana.morikawa), President",
        "Nadia Farouk (nadia.farouk), Member",
    ]


def test_a_new_membership_takes_the_flags_of_its_template(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana, INSTRUCTOR))

    run(link)

    flags = Membership.objects.filter(recorded_start=MONDAY).order_by("user__username")
    assert list(flags.values_list("user__username", "shown_on_campus", "shown_on_public")) == [
        ("hana.morikawa", True, True),
        ("nadia.farouk", True, False),
    ]


def test_the_day_is_that_of_the_campus(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia))

    run(link, MONDAY, hour=11)  # three in the morning of Tuesday in UTC, eleven at night on campus

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_a_second_run_changes_nothing(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia), as_member(sample.amara), member("7"), as_member(sample.hana, INSTRUCTOR))
    run(link)
    before = list(Membership.objects.order_by("pk").values())
    noted = current_snapshot().last_change

    report = run(link, TUESDAY)

    assert list(Membership.objects.order_by("pk").values()) == before
    assert current_snapshot().last_change == noted
    assert (report.counts["added"], report.counts["kept"], report.counts["already_there"]) == (0, 2, 1)


def test_who_is_there_already_is_left_as_is(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.amara), as_member(sample.nadia))
    before = Membership.objects.filter(pk=sample.amara_chess_again.pk).values().get()

    run(link)
    course.say(as_member(sample.nadia))
    run(link, TUESDAY)

    assert Membership.objects.filter(pk=sample.amara_chess_again.pk).values().get() == before
    assert not SyncedMembership.objects.filter(membership__user=sample.amara).exists()


def test_who_leaves_the_course_leaves_the_organization_on_that_day(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.hana))

    report = run(link, WEDNESDAY)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "2025-05-07")]
    assert [str(entry) for entry in report.ended] == ["Nadia Farouk (nadia.farouk), Member"]
    assert not Membership.objects.filter(user=sample.nadia).exclude(deleted_at=None).exists()


def test_who_comes_and_leaves_on_one_day_was_there_for_that_day(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.hana))

    run(link, MONDAY, hour=1)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "2025-05-05")]


def test_who_comes_back_gets_a_new_membership(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    everybody = as_member(sample.nadia), as_member(sample.hana)
    course.say(*everybody)
    run(link, MONDAY)
    course.say(as_member(sample.hana))
    run(link, TUESDAY)
    course.say(*everybody)

    run(link, WEDNESDAY)

    assert held(sample.chess_club, sample.nadia) == [
        ("nadia.farouk", "Member", "2025-05-05", "2025-05-06"),
        ("nadia.farouk", "Member", "2025-05-07", ""),
    ]


def test_who_comes_back_on_the_day_of_leaving_goes_on_the_next_day(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    everybody = as_member(sample.nadia), as_member(sample.hana)
    course.say(*everybody)
    run(link, MONDAY)
    course.say(as_member(sample.hana))
    run(link, TUESDAY)
    course.say(*everybody)
    run(link, TUESDAY, hour=1)

    run(link, WEDNESDAY)

    assert held(sample.chess_club, sample.nadia) == [
        ("nadia.farouk", "Member", "2025-05-05", "2025-05-06"),
        ("nadia.farouk", "Member", "2025-05-07", ""),
    ]


def test_who_changes_the_role_changes_the_position(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.nadia, LEARNER), as_member(sample.hana, INSTRUCTOR))

    run(link, TUESDAY)

    assert held(sample.chess_club, sample.hana) == [
        ("hana.morikawa", "Member", "2025-05-05", "2025-05-06"),
        ("hana.morikawa", "President", "2025-05-06", ""),
    ]


@pytest.mark.parametrize("status", ["Inactive", "Deleted"])
def test_who_is_not_active_in_the_course_any_more_has_left(
    sample: SampleData, link: CourseLink, course: FakeCourse, status: str
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.nadia, status=status), as_member(sample.hana))

    run(link, TUESDAY)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "2025-05-06")]


def test_a_confidential_person_is_a_member_like_others(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.marisol))

    run(link)

    assert held(sample.chess_club, sample.marisol) == [("marisol.quinones", "Member", "2025-05-05", "")]


# By hand


def test_who_was_deleted_by_hand_stays_deleted_while_in_the_course(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    Membership.objects.get(user=sample.nadia).delete()

    report = run(link, TUESDAY)

    assert held(sample.chess_club, sample.nadia) == []
    assert [str(entry) for entry in report.left_out] == ["Nadia Farouk (nadia.farouk), Member"]


def test_who_was_ended_by_hand_stays_so_while_in_the_course(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link, MONDAY)
    Membership.objects.filter(user=sample.nadia).end(on=MONDAY)

    run(link, TUESDAY)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "2025-05-05")]


def test_who_was_ended_by_hand_left_the_course_and_comes_back_gets_a_new_membership(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    everybody = as_member(sample.nadia), as_member(sample.hana)
    course.say(*everybody)
    run(link, MONDAY)
    Membership.objects.filter(user=sample.nadia).end(on=MONDAY)
    course.say(as_member(sample.hana))
    run(link, TUESDAY)
    course.say(*everybody)

    run(link, WEDNESDAY)

    assert held(sample.chess_club, sample.nadia)[1:] == [("nadia.farouk", "Member", "2025-05-07", "")]


def test_a_membership_that_the_staff_open_again_is_theirs(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link, MONDAY)
    course.say(as_member(sample.hana))
    run(link, TUESDAY)
    Membership.objects.filter(user=sample.nadia).update(recorded_end=None)

    run(link, WEDNESDAY)

    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_other_memberships_and_organizations_are_not_touched(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    others = Membership.objects.filter(pk__in=list(Membership.objects.values_list("pk", flat=True))).order_by("pk")
    before = list(others.values())
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link, MONDAY)
    course.say(as_member(sample.hana))
    run(link, TUESDAY)

    assert list(others.values()) == before


def test_of_two_linked_organizations_a_sync_ends_its_own_memberships_only(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    other = make_link(sample.chess_club_downtown, learner=sample.member_kind, course=link.course)
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    run(other)
    course.say(as_member(sample.hana))

    run(link, TUESDAY)

    assert held(sample.chess_club_downtown, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_somebody_put_in_by_hand_later_is_there_already(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    membership(sample.nadia, sample.chess_member, "2076-09-01")
    course.say(as_member(sample.nadia))

    report = run(link)

    assert (report.counts["already_there"], report.counts["added"]) == (1, 0)
