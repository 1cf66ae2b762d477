"""Who is on a roster, once, with which status and which roles."""

import datetime as dt

import pytest

from lti.models import Tool
from roster import days
from tests.lti.tools import CHAIR, MEMBER, OFFICER, ids, roster, user_ids
from tests.sample_data import SampleData, membership

pytestmark = pytest.mark.both_databases

YESTERDAY, TODAY, TOMORROW = "2025-05-01", "2025-05-02", "2025-05-03"


@pytest.fixture(autouse=True)
def on_2_may_2025(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "today", lambda: dt.date(2025, 5, 2))


def rows(tool: Tool, organization: object) -> dict[str, dict]:
    return {row["user_id"]: row for row in roster(tool, organization).body["members"]}  # type: ignore[arg-type]


def test_several_positions_of_one_person_are_one_member_with_all_roles(sample: SampleData, poll: Tool) -> None:
    membership(sample.eun_ji, sample.downtown_member, "2024-01-01")

    assert rows(poll, sample.chess_club_downtown)[poll.subject_of(sample.eun_ji.pk)]["roles"] == [
        MEMBER,
        OFFICER,
        CHAIR,
    ]


def test_two_periods_in_one_position_are_one_member(sample: SampleData, poll: Tool) -> None:
    membership(sample.farid, sample.chess_member, "2024-01-01")

    assert user_ids(roster(poll, sample.chess_club)) == ids(poll, sample.amara, sample.farid)


def test_somebody_is_active_on_the_last_day(sample: SampleData, poll: Tool) -> None:
    membership(sample.nadia, sample.chess_member, YESTERDAY, TODAY)

    assert rows(poll, sample.chess_club)[poll.subject_of(sample.nadia.pk)]["status"] == "Active"


def test_somebody_is_gone_the_day_after_the_last(sample: SampleData, poll: Tool) -> None:
    membership(sample.nadia, sample.chess_member, YESTERDAY, YESTERDAY)

    assert poll.subject_of(sample.nadia.pk) not in rows(poll, sample.chess_club)


def test_somebody_who_begins_tomorrow_is_inactive(sample: SampleData, poll: Tool) -> None:
    membership(sample.nadia, sample.chess_member, TOMORROW)

    assert rows(poll, sample.chess_club)[poll.subject_of(sample.nadia.pk)]["status"] == "Inactive"


def test_a_role_to_come_is_no_role_of_a_current_member(sample: SampleData, poll: Tool) -> None:
    membership(sample.farid, sample.chess_president, TOMORROW)

    row = rows(poll, sample.chess_club)[poll.subject_of(sample.farid.pk)]

    assert (row["status"], row["roles"]) == ("Active", [MEMBER])


def test_a_past_role_is_no_role(sample: SampleData, poll: Tool) -> None:
    membership(sample.farid, sample.chess_president, "2023-09-07", YESTERDAY)

    assert rows(poll, sample.chess_club)[poll.subject_of(sample.farid.pk)]["roles"] == [MEMBER]


def test_a_deleted_membership_is_not_listed(sample: SampleData, poll: Tool) -> None:
    sample.farid_chess.delete()

    assert user_ids(roster(poll, sample.chess_club)) == ids(poll, sample.amara)


def test_a_membership_in_another_organization_is_not_listed(sample: SampleData, poll: Tool) -> None:
    assert user_ids(roster(poll, sample.chess_club_downtown)) == ids(poll, sample.eun_ji, sample.kofi)


def test_the_members_of_a_child_are_not_the_parents(sample: SampleData, poll: Tool) -> None:
    assert poll.subject_of(sample.lin.pk) not in rows(poll, sample.student_government)


def test_a_template_without_roles_of_its_own_has_those_of_its_name(sample: SampleData, poll: Tool) -> None:
    assert sample.president_kind.lti_roles == []
    assert rows(poll, sample.chess_club_downtown)[poll.subject_of(sample.eun_ji.pk)]["roles"] == [OFFICER, CHAIR]


def test_a_template_with_roles_has_those_and_their_principals(sample: SampleData, poll: Tool) -> None:
    sample.president_kind.lti_roles = ["http://purl.imsglobal.org/vocab/lis/v2/membership/Mentor#Advisor"]
    sample.president_kind.save()

    assert rows(poll, sample.chess_club_downtown)[poll.subject_of(sample.eun_ji.pk)]["roles"] == [
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Mentor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership/Mentor#Advisor",
    ]


def test_a_deployment_may_add_the_roles_of_a_course(sample: SampleData, poll: Tool) -> None:
    poll.deployments.update(adds_course_roles=True)

    assert {
        row["name"]: row["roles"][-1].partition("#")[2] for row in rows(poll, sample.chess_club_downtown).values()
    } == {
        "Eun-ji Harlow": "Instructor",
        "Kofi Mensah-Boyd": "Learner",
    }
