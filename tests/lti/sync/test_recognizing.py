"""Whom a sync takes for whom, and what it remembers of that."""

import pytest

from lti.models import CourseLink, Recognized
from roster.models import User
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import LEARNER, make_link
from tests.lti.sync.members import as_member, member
from tests.lti.sync.runs import TUESDAY, WEDNESDAY, held, run
from tests.lti.tool.platforms import make_course, make_platform
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_who_is_nobody_here_is_shown_and_not_made(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    people = User.objects.count()
    course.say(member("7", name="Pat Doe", email="pat@example.net", lis_person_sourcedid="S1"), member("8"))

    report = run(link)

    assert [str(entry) for entry in report.unmatched] == [
        "Pat Doe, pat@example.net, SIS id S1 (LMS user 7): No account here matches what the LMS sends.",
        "somebody (LMS user 8): The LMS sends nothing to find this person by.",
    ]
    assert User.objects.count() == people


def test_who_was_recognized_stays_when_the_lms_tells_no_more(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    course.say(as_member(sample.nadia, name=None, email=None), as_member(sample.hana, name=None, email=None))

    report = run(link, TUESDAY)

    assert (report.counts["kept"], report.counts["ended"], report.counts["unmatched"]) == (2, 0, 0)


def test_who_was_recognized_in_one_course_is_in_another_of_the_platform(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia))
    run(link)
    other = make_course(link.course.platform, context_id="chem-102")
    downtown = make_link(sample.chess_club_downtown, learner=sample.member_kind, course=other)
    course.say(as_member(sample.nadia, name=None, email=None))

    run(downtown)

    assert held(sample.chess_club_downtown, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_an_id_of_one_platform_is_nobody_on_another(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    Recognized.objects.create(platform=link.course.platform, subject="7", user=sample.nadia, way="email")
    elsewhere = make_course(make_platform(issuer="https://other.example.com"))
    downtown = make_link(sample.chess_club_downtown, learner=sample.member_kind, course=elsewhere)
    course.say(member("7"))

    report = run(downtown)

    assert (report.counts["added"], report.counts["unmatched"]) == (0, 1)


def test_a_correction_of_who_somebody_is_moves_the_membership(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(member("7", email=sample.nadia.campus_email), as_member(sample.hana))
    run(link)
    course.say(member("7", email=sample.chloe.campus_email), as_member(sample.hana))

    run(link, TUESDAY)

    assert held(sample.chess_club, sample.nadia, sample.chloe) == [
        ("nadia.farouk", "Member", "2025-05-05", "2025-05-06"),
        ("chloe.desrosiers", "Member", "2025-05-06", ""),
    ]
    assert Recognized.objects.get(subject="7").user == sample.chloe


def test_an_address_that_was_trusted_elsewhere_does_not_count_where_the_sis_id_alone_does(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.amara))
    run(link)
    strict = make_link(
        sample.chess_club_downtown, learner=sample.member_kind, course=link.course, matching=CourseLink.Matching.SIS_ID
    )

    report = run(strict)

    assert (report.counts["added"], report.counts["unmatched"]) == (0, 1)


def test_who_is_found_by_the_sis_id_later_counts_by_it_from_then_on(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.amara))
    run(link)
    assert Recognized.objects.get().way == "email"
    course.say(as_member(sample.amara, lis_person_sourcedid=sample.amara.sis_id))
    run(link, TUESDAY)
    course.say(as_member(sample.amara))
    run(link, WEDNESDAY)

    assert Recognized.objects.get().way == "sis-id"


def test_only_who_gets_a_position_is_stored(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    mentor = LEARNER.replace("Learner", "Mentor")
    course.say(as_member(sample.nadia), as_member(sample.hana, mentor), member("7"))

    run(link)

    assert list(Recognized.objects.values_list("subject", "user__username")) == [("lms-nadia.farouk", "nadia.farouk")]


def test_an_id_that_no_lms_may_give_is_not_stored(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(member("x" * 256, email=sample.nadia.campus_email))

    run(link)

    assert held(sample.chess_club, sample.nadia) != []
    assert not Recognized.objects.exists()


def test_a_retired_account_gets_nothing_new_and_keeps_what_it_has(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    course.say(as_member(sample.nadia), as_member(sample.hana))
    run(link)
    User.objects.filter(pk=sample.nadia.pk).retire()
    course.say(as_member(sample.nadia), as_member(sample.hana), as_member(sample.grace))

    report = run(link, TUESDAY)

    assert (report.counts["kept"], report.counts["added"], report.counts["ended"]) == (2, 0, 0)
    assert [str(entry) for entry in report.unmatched] == [
        "Grace Thornbury, grace.thornbury@example.edu (LMS user lms-grace.thornbury): The account here is inactive."
    ]


def test_who_has_never_signed_in_is_found(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    course.say(as_member(sample.kofi))

    run(link)

    assert held(sample.chess_club, sample.kofi) == [("kofi.mensah-boyd", "Member", "2025-05-05", "")]


def test_the_case_of_an_address_makes_no_difference(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    User.objects.filter(pk=sample.nadia.pk).update(campus_email="Nadia.FAROUK@example.edu")
    course.say(member("7", email="NADIA.farouk@EXAMPLE.edu"))

    assert run(link).counts["added"] == 1


def test_an_address_with_accents_finds_those_letters_in_any_case(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    User.objects.filter(pk=sample.nadia.pk).update(campus_email="JOSÉ@example.edu")
    User.objects.filter(pk=sample.hana.pk).update(campus_email="jose@example.edu")
    course.say(member("7", email="josé@example.edu"), member("8", email="strauß@example.edu"))
    User.objects.filter(pk=sample.kofi.pk).update(campus_email="strauss@example.edu")

    report = run(link)

    assert [str(entry) for entry in report.unmatched] == [
        "strauß@example.edu (LMS user 8): No account here matches what the LMS sends."
    ]
    assert held(sample.chess_club, sample.nadia) != []
    assert held(sample.chess_club, sample.hana) == []
