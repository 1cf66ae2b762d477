"""In which positions a sync puts people, and when it makes one."""

import pytest

from lti.models import CourseLink
from organizations.models import Position, PositionTemplate
from tests.lti.sync.conftest import FakeCourse
from tests.lti.sync.links import INSTRUCTOR, make_link
from tests.lti.sync.members import as_member
from tests.lti.sync.runs import held, run
from tests.sample_data import SampleData, position

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_position_that_is_missing_is_made_of_its_template(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    link.roles.update(template=sample.treasurer_kind)
    course.say(as_member(sample.nadia))

    report = run(link)

    made = Position.objects.get(organization=sample.chess_club, template=sample.treasurer_kind)
    assert (made.name, made.type, made.is_active) == ("Treasurer", sample.officer, True)
    assert held(sample.chess_club, sample.nadia) == [("nadia.farouk", "Treasurer", "2025-05-05", "")]
    assert report.positions_made == ["Treasurer"]


def test_no_position_is_made_that_nobody_holds(sample: SampleData, link: CourseLink, course: FakeCourse) -> None:
    link.roles.filter(role=INSTRUCTOR).update(template=sample.treasurer_kind)
    course.say(as_member(sample.nadia))

    run(link)

    assert not Position.objects.filter(organization=sample.chess_club, template=sample.treasurer_kind).exists()


def test_the_only_position_of_a_kind_is_taken_whatever_its_name(sample: SampleData, course: FakeCourse) -> None:
    link = make_link(sample.lead, learner=sample.member_kind)
    course.say(as_member(sample.nadia))

    run(link)

    assert held(sample.lead, sample.nadia) == [("nadia.farouk", "Participant", "2025-05-05", "")]


def test_of_several_positions_of_a_kind_the_one_named_like_it_is_taken(sample: SampleData, course: FakeCourse) -> None:
    position(sample.lead, "Member", sample.member_kind)
    link = make_link(sample.lead, learner=sample.member_kind)
    course.say(as_member(sample.nadia))

    run(link)

    assert held(sample.lead, sample.nadia) == [("nadia.farouk", "Member", "2025-05-05", "")]


def test_a_retired_position_takes_nobody_and_stops_the_sync(
    sample: SampleData, link: CourseLink, course: FakeCourse
) -> None:
    Position.objects.filter(pk=sample.chess_member.pk).retire()
    course.say(as_member(sample.nadia))

    report = run(link)

    assert (report.outcome, report.reason) == (
        "stopped",
        "The position “Member” is retired. Reactivate it, or give the role another template.",
    )
    assert held(sample.chess_club, sample.nadia) == []


@pytest.mark.parametrize(
    "change, message",
    [
        ({"is_active": False}, "The template “Treasurer” is retired, so no position of its kind is made."),
        ({"default_type": None}, "The template “Treasurer” has no default type, so no position of its kind is made."),
    ],
)
def test_a_position_that_cannot_be_made_stops_the_sync(
    sample: SampleData, link: CourseLink, course: FakeCourse, change: dict[str, object], message: str
) -> None:
    PositionTemplate.objects.filter(pk=sample.treasurer_kind.pk).update(**change)
    link.roles.update(template=sample.treasurer_kind)
    course.say(as_member(sample.nadia))

    assert run(link).reason == message
