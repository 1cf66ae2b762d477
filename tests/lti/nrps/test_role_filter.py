"""`role`: a full URI or a short name, without regard to case; an unknown one is nobody's."""

import pytest

from lti.models import Tool
from tests.lti.tools import CHAIR, MANAGER, MEMBER, OFFICER, TREASURER, deploy, ids, links, make_tool, roster, user_ids
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases


@pytest.mark.parametrize("role", [OFFICER, "Officer", "officer", OFFICER.lower(), OFFICER.upper(), " Officer"])
def test_a_principal_role_finds_those_with_its_sub_roles(sample: SampleData, poll: Tool, role: str) -> None:
    assert user_ids(roster(poll, sample.student_government, role=role)) == ids(poll, sample.amara, sample.ben)


@pytest.mark.parametrize("role", [TREASURER, "Officer#Treasurer", "officer#treasurer", TREASURER.lower()])
def test_a_sub_role_finds_those_who_have_it(sample: SampleData, poll: Tool, role: str) -> None:
    assert user_ids(roster(poll, sample.student_government, role=role)) == ids(poll, sample.ben)


@pytest.mark.parametrize(
    "role",
    [
        "Learner",
        "Instructor",
        "Chair",  # a sub-role without its principal is no short name
        "Office",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Officer",
        "membership#Officer",
        "Ŏfficer",
        "%",
        "x" * 5000,
        "ñ" * 250,
    ],
)
def test_an_unknown_role_is_an_empty_list(sample: SampleData, poll: Tool, role: str) -> None:
    answer = roster(poll, sample.student_government, role=role)

    assert (answer.status, answer.body["members"], links(answer)) == (200, [], {})


def test_each_finds_its_own(sample: SampleData, poll: Tool) -> None:
    assert user_ids(roster(poll, sample.chess_club_downtown, role=CHAIR)) == ids(poll, sample.eun_ji)
    assert user_ids(roster(poll, sample.chess_club_downtown, role=MEMBER)) == ids(poll, sample.kofi)
    assert user_ids(roster(poll, sample.student_government, role=MANAGER)) == ids(poll, sample.jolene)


def test_a_member_found_by_one_role_is_shown_with_all(sample: SampleData, poll: Tool) -> None:
    membership(sample.eun_ji, sample.downtown_member, "2024-01-01")

    (row,) = roster(poll, sample.chess_club_downtown, role="Officer").body["members"]

    assert row["roles"] == [MEMBER, OFFICER, CHAIR]


def test_a_role_to_come_does_not_find_a_current_member(sample: SampleData, poll: Tool) -> None:
    membership(sample.farid, sample.chess_president, "2076-05-01")

    assert user_ids(roster(poll, sample.chess_club, role="Officer")) == []


def test_a_role_to_come_finds_somebody_to_come(sample: SampleData, poll: Tool) -> None:
    membership(sample.nadia, sample.chess_president, "2076-05-01")

    assert user_ids(roster(poll, sample.chess_club, role="Officer")) == ids(poll, sample.nadia)


def test_a_role_off_the_roster_does_not_find_its_holder(sample: SampleData, poll: Tool) -> None:
    membership(sample.farid, sample.chess_president, "2024-01-01", flags="P")

    assert user_ids(roster(poll, sample.chess_club, role="Officer")) == []


def test_with_consent_a_role_off_the_roster_finds_only_those_who_are_off_it_altogether(
    sample: SampleData, poll: Tool
) -> None:
    poll.deployments.update(tells_bare_members=True)
    membership(sample.farid, sample.chess_president, "2024-01-01", flags="P")  # he is on the roster as a member
    membership(sample.nadia, sample.chess_president, "2024-01-01", flags="P")

    assert user_ids(roster(poll, sample.chess_club, role="Officer")) == ids(poll, sample.nadia)


def test_the_added_roles_of_a_course_can_be_asked_for(sample: SampleData) -> None:
    tool = make_tool()
    deploy(tool, adds_course_roles=True)

    assert user_ids(roster(tool, sample.chess_club_downtown, role="Learner")) == ids(tool, sample.kofi)
    assert user_ids(roster(tool, sample.chess_club_downtown, role="Instructor")) == ids(tool, sample.eun_ji)
    assert user_ids(roster(tool, sample.student_government, role="Instructor")) == ids(
        tool, sample.amara, sample.ben, sample.jolene
    )
