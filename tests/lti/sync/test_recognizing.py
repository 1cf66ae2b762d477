"""Whom a sync takes for whom, and what it remembers of that."""

import pytest

from lti.models import CourseLink, Recognized
from roster.models import User
from tests.cast import Cast
from tests.lti.course.platforms import make_course, make_platform
from tests.lti.sync.conftest import SaidCourse
from tests.lti.sync.links import LEARNER, make_link
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import TUESDAY, WEDNESDAY, held, run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_who_is_nobody_here_is_told_and_not_made(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    people = User.objects.count()
    course.say(member("7", name="Pat Doe", email="pat@example.net", lis_person_sourcedid="S1"), member("8"))

    report = run(link)

    assert [str(entry) for entry in report.unmatched] == [
        "Pat Doe, pat@example.net, SIS id S1 (LMS user 7): Nobody here has what the LMS tells.",
        "somebody (LMS user 8): The LMS tells nothing to find this person by.",
    ]
    assert User.objects.count() == people


def test_who_was_recognized_stays_when_the_lms_tells_no_more(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    course.say(as_member(cast.nadia), as_member(cast.hana))
    run(link)
    course.say(as_member(cast.nadia, name=None, email=None), as_member(cast.hana, name=None, email=None))

    report = run(link, TUESDAY)

    assert (report.counts["kept"], report.counts["ended"], report.counts["unmatched"]) == (2, 0, 0)


def test_who_was_recognized_in_one_course_is_in_another_of_the_platform(
    cast: Cast, link: CourseLink, course: SaidCourse
) -> None:
    course.say(as_member(cast.nadia))
    run(link)
    other = make_course(link.course.platform, context_id="chem-102")
    downtown = make_link(cast.chess_club_downtown, learner=cast.member_kind, course=other)
    course.say(as_member(cast.nadia, name=None, email=None))

    run(downtown)

    assert held(cast.chess_club_downtown, cast.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_an_id_of_one_platform_is_nobody_on_another(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    Recognized.objects.create(platform=link.course.platform, subject="7", user=cast.nadia, way="email")
    elsewhere = make_course(make_platform(issuer="https://other.example.com"))
    downtown = make_link(cast.chess_club_downtown, learner=cast.member_kind, course=elsewhere)
    course.say(member("7"))

    report = run(downtown)

    assert (report.counts["added"], report.counts["unmatched"]) == (0, 1)


def test_a_correction_of_who_somebody_is_moves_the_membership(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    course.say(member("7", email=cast.nadia.campus_email), as_member(cast.hana))
    run(link)
    course.say(member("7", email=cast.chloe.campus_email), as_member(cast.hana))

    run(link, TUESDAY)

    assert held(cast.chess_club, cast.nadia, cast.chloe) == [
        ("nadia.farouk", "Member", "2025-05-05", "2025-05-06"),
        ("chloe.desrosiers", "Member", "2025-05-06", ""),
    ]
    assert Recognized.objects.get(subject="7").user == cast.chloe


def test_an_address_that_was_believed_elsewhere_does_not_count_where_the_sis_id_alone_does(
    cast: Cast, link: CourseLink, course: SaidCourse
) -> None:
    course.say(as_member(cast.amara))
    run(link)
    strict = make_link(
        cast.chess_club_downtown, learner=cast.member_kind, course=link.course, matching=CourseLink.Matching.SIS_ID
    )

    report = run(strict)

    assert (report.counts["added"], report.counts["unmatched"]) == (0, 1)


def test_who_is_found_by_the_sis_id_later_counts_by_it_from_then_on(
    cast: Cast, link: CourseLink, course: SaidCourse
) -> None:
    course.say(as_member(cast.amara))
    run(link)
    assert Recognized.objects.get().way == "email"
    course.say(as_member(cast.amara, lis_person_sourcedid=cast.amara.sis_id))
    run(link, TUESDAY)
    course.say(as_member(cast.amara))
    run(link, WEDNESDAY)

    assert Recognized.objects.get().way == "sis-id"


def test_only_who_gets_a_position_is_remembered(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    mentor = LEARNER.replace("Learner", "Mentor")
    course.say(as_member(cast.nadia), as_member(cast.hana, mentor), member("7"))

    run(link)

    assert list(Recognized.objects.values_list("subject", "user__username")) == [("lms-nadia.farouk", "nadia.farouk")]


def test_an_id_that_no_lms_may_give_is_not_remembered(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    course.say(member("x" * 256, email=cast.nadia.campus_email))

    run(link)

    assert held(cast.chess_club, cast.nadia) != []
    assert not Recognized.objects.exists()


def test_a_retired_account_gets_nothing_new_and_keeps_what_it_has(
    cast: Cast, link: CourseLink, course: SaidCourse
) -> None:
    course.say(as_member(cast.nadia), as_member(cast.hana))
    run(link)
    User.objects.filter(pk=cast.nadia.pk).retire()
    course.say(as_member(cast.nadia), as_member(cast.hana), as_member(cast.grace))

    report = run(link, TUESDAY)

    assert (report.counts["kept"], report.counts["added"], report.counts["ended"]) == (2, 0, 0)
    assert [str(entry) for entry in report.unmatched] == [
        "Grace Thornbury, grace.thornbury@example.edu (LMS user lms-grace.thornbury): The account here is inactive."
    ]


def test_who_has_never_signed_in_is_found(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    course.say(as_member(cast.kofi))

    run(link)

    assert held(cast.chess_club, cast.kofi) == [("kofi.mensah-boyd", "Member", "2025-05-05", "")]


def test_the_case_of_an_address_makes_no_difference(cast: Cast, link: CourseLink, course: SaidCourse) -> None:
    User.objects.filter(pk=cast.nadia.pk).update(campus_email="Nadia.FAROUK@example.edu")
    course.say(member("7", email="NADIA.farouk@EXAMPLE.edu"))

    assert run(link).counts["added"] == 1


def test_an_address_with_accents_finds_those_letters_in_any_case(
    cast: Cast, link: CourseLink, course: SaidCourse
) -> None:
    User.objects.filter(pk=cast.nadia.pk).update(campus_email="JOSÉ@example.edu")
    User.objects.filter(pk=cast.hana.pk).update(campus_email="jose@example.edu")
    course.say(member("7", email="josé@example.edu"), member("8", email="strauß@example.edu"))
    User.objects.filter(pk=cast.kofi.pk).update(campus_email="strauss@example.edu")

    report = run(link)

    assert [str(entry) for entry in report.unmatched] == [
        "strauß@example.edu (LMS user 8): Nobody here has what the LMS tells."
    ]
    assert held(cast.chess_club, cast.nadia) != []
    assert held(cast.chess_club, cast.hana) == []
