"""The plan of a sync, made of a course's members and an organization's memberships, without a database."""

import datetime as dt

import pytest

from lti.sync.diff import (
    Assignment,
    CurrentMembership,
    DesiredMembers,
    RemovedMembership,
    RoleMapping,
    SyncDiff,
    compute_diff,
    desired_members,
    threshold_error,
)
from lti.sync.matching import NO_IDENTIFIER, Account, Match, Matcher
from tests.lti.sync.links import ASSISTANT, INSTRUCTOR, LEARNER
from tests.lti.sync.members import member

TODAY = dt.date(2025, 5, 2)
YESTERDAY, TOMORROW = dt.date(2025, 5, 1), dt.date(2025, 5, 3)

MEMBER, ADVISOR, OFFICER = 11, 12, 13
"""Templates; their positions have ten times the number."""
POSITIONS: dict[int, int | None] = {MEMBER: 110, ADVISOR: 120, OFFICER: 130}
MAPPED = [RoleMapping(LEARNER, MEMBER), RoleMapping(INSTRUCTOR, ADVISOR)]

ACCOUNTS = [Account(number, f"S{number}", "", "active") for number in range(1, 50)]
RETIRED = Account(50, "S50", "", "inactive")


def learner(number: int, *roles: str, **fields: str) -> object:
    return member(f"lms-{number}", *roles, lis_person_sourcedid=f"S{number}", **fields)


def desired(*members: object, mappings: list[RoleMapping] = MAPPED) -> DesiredMembers:
    return desired_members(members, Matcher([*ACCOUNTS, RETIRED], {}), mappings)  # type: ignore[arg-type]


def held(
    user_id: int, template_id: int = MEMBER, *, is_open: bool = True, **dates: dt.date | None
) -> CurrentMembership:
    days = {"start": YESTERDAY, "end": None, **dates}
    return CurrentMembership(1000 + user_id, user_id, template_id * 10, is_open=is_open, **days)  # type: ignore[arg-type]


def gone(user_id: int, template_id: int = MEMBER) -> RemovedMembership:
    return RemovedMembership(1000 + user_id, user_id, template_id * 10)


def made(desired: DesiredMembers, *held: CurrentMembership, gone: tuple[RemovedMembership, ...] = ()) -> SyncDiff:
    return compute_diff(desired, POSITIONS, held, gone, on=TODAY)


# Roles


def test_each_member_gets_the_template_of_the_role() -> None:
    assert desired(learner(1), learner(2, INSTRUCTOR)).template_ids == {1: MEMBER, 2: ADVISOR}


def test_of_several_roles_the_first_of_the_link_decides() -> None:
    both = learner(1, INSTRUCTOR, LEARNER)

    assert desired(both).template_ids == {1: MEMBER}
    assert desired(both, mappings=MAPPED[::-1]).template_ids == {1: ADVISOR}


def test_a_sub_role_comes_before_its_principal_wherever_the_link_has_it() -> None:
    assistant = learner(1, INSTRUCTOR, ASSISTANT)

    assert desired(assistant, mappings=[*MAPPED, RoleMapping(ASSISTANT, OFFICER)]).template_ids == {1: OFFICER}


def test_a_sub_role_that_is_not_mapped_counts_as_its_principal() -> None:
    assert desired(learner(1, ASSISTANT)).template_ids == {1: ADVISOR}


def test_a_role_is_compared_without_case() -> None:
    assert desired(learner(1, LEARNER.lower())).template_ids == {1: MEMBER}


def test_two_ids_of_one_person_are_one_person() -> None:
    twice = member("other", INSTRUCTOR, lis_person_sourcedid="S1")

    assert desired(twice, learner(1)).template_ids == {1: MEMBER}


def test_a_member_without_a_mapped_role_is_counted_by_role_and_not_synced() -> None:
    mentor, system = LEARNER.replace("Learner", "Mentor"), "http://purl.imsglobal.org/vocab/lis/v2/system/person#User"

    found = desired(learner(1), learner(2, mentor), learner(3, mentor, system))

    assert found.template_ids == {1: MEMBER}
    assert (found.unmapped_members, found.unmapped) == (2, {mentor: 2, system: 1})


def test_a_member_whom_nobody_knows_is_not_synced() -> None:
    unknown = member("7", name="Amara Okafor")

    found = desired(learner(1), unknown)

    assert found.template_ids == {1: MEMBER}
    assert found.unmatched == [(unknown, NO_IDENTIFIER)]


@pytest.mark.parametrize("status", ["Inactive", "Deleted", "inactive", "Paused"])
def test_who_is_not_active_in_the_course_is_not_there(status: str) -> None:
    found = desired(learner(1), learner(2, status=status))

    assert (found.members, found.template_ids) == (1, {1: MEMBER})


def test_those_who_were_recognized_are_named_by_the_id_in_the_lms() -> None:
    assert desired(learner(1), learner(2)).recognized == {
        "lms-1": Match(ACCOUNTS[0], "sis-id"),
        "lms-2": Match(ACCOUNTS[1], "sis-id"),
    }


# Memberships


def test_who_is_new_gets_a_membership() -> None:
    assert made(desired(learner(1), learner(2)), held(1)).new == [Assignment(2, MEMBER)]


def test_a_membership_of_a_position_that_is_to_be_made_is_new() -> None:
    assert compute_diff(desired(learner(1)), {MEMBER: None}, [], [], on=TODAY).new == [Assignment(1, MEMBER)]


def test_a_membership_that_a_sync_made_is_kept() -> None:
    found = made(desired(learner(1)), held(1))

    assert (found.kept, found.new, found.ends, found.open) == ([held(1)], [], [], 1)


def test_a_membership_that_somebody_else_made_is_left_as_it_is() -> None:
    found = made(desired(learner(1)), held(1, is_open=False))

    assert (found.already_there, found.new, found.kept, found.open) == ([Assignment(1, MEMBER)], [], [], 0)


def test_a_membership_that_somebody_else_made_is_never_ended() -> None:
    assert made(desired(learner(1)), held(2, is_open=False)).ends == []


def test_a_membership_yet_to_begin_is_there_already() -> None:
    found = made(desired(learner(1)), held(1, is_open=False, start=TOMORROW))

    assert (found.already_there, found.new) == ([Assignment(1, MEMBER)], [])


def test_a_membership_of_another_position_is_not_the_same() -> None:
    found = made(desired(learner(1)), held(1, OFFICER, is_open=False))

    assert found.new == [Assignment(1, MEMBER)]


def test_the_membership_of_who_left_the_course_ends() -> None:
    assert made(desired(learner(1)), held(1), held(2)).ends == [held(2)]


def test_who_changes_the_role_gets_another_membership_and_the_first_ends() -> None:
    found = made(desired(learner(1, INSTRUCTOR)), held(1))

    assert (found.new, found.ends) == ([Assignment(1, ADVISOR)], [held(1)])


def test_a_membership_that_is_yet_to_begin_waits_to_be_ended() -> None:
    found = made(desired(learner(1)), held(1), held(2, start=TOMORROW))

    assert (found.ends, found.closes) == ([], [])


def test_a_membership_that_somebody_ends_today_is_not_ended_again() -> None:
    found = made(desired(learner(1)), held(1), held(2, end=TODAY))

    assert (found.ends, found.closes) == ([], [1002])


def test_a_membership_that_would_end_later_ends_today() -> None:
    assert made(desired(learner(1)), held(1), held(2, end=TOMORROW)).ends == [held(2, end=TOMORROW)]


# Memberships that the staff took away


def test_who_was_taken_off_by_hand_stays_off_while_the_course_has_them() -> None:
    found = made(desired(learner(1), learner(2)), held(1), gone=(gone(2),))

    assert (found.left_out, found.new, found.closes) == ([Assignment(2, MEMBER)], [], [])


def test_who_was_taken_off_by_hand_and_has_left_may_come_back() -> None:
    found = made(desired(learner(1)), held(1), gone=(gone(2),))

    assert (found.left_out, found.closes) == ([], [1002])


def test_who_was_taken_off_by_hand_and_put_back_by_hand_is_there() -> None:
    found = made(desired(learner(2)), held(2, is_open=False), gone=(gone(2),))

    assert (found.already_there, found.left_out, found.closes) == ([Assignment(2, MEMBER)], [], [])


# People with an inactive account


def test_who_is_retired_gets_nothing_new() -> None:
    found = made(desired(learner(50)))

    assert (found.new, found.inactive) == ([], [50])


def test_who_is_retired_keeps_what_a_sync_gave() -> None:
    found = made(desired(learner(50)), held(50))

    assert (found.kept, found.ends, found.inactive) == ([held(50)], [], [])


# The threshold


def leaving(number: int, *, of: int) -> tuple[SyncDiff, DesiredMembers]:
    """A plan by which so many of the memberships end."""
    found = desired(*(learner(user_id) for user_id in range(number + 1, of + 1)))
    return made(found, *(held(user_id) for user_id in range(1, of + 1))), found


@pytest.mark.parametrize("number, of", [(0, 40), (10, 40), (3, 4), (3, 8), (1, 2)])
def test_as_many_may_end_as_the_link_allows_and_a_few_always(number: int, of: int) -> None:
    assert threshold_error(*leaving(number, of=of), percent=25) == ""


def test_more_than_the_link_allows_is_too_many() -> None:
    assert threshold_error(*leaving(11, of=40), percent=25) == (
        "This would end 11 of the 40 memberships that syncs keep here, more than 25 %."
    )


def test_a_link_may_allow_all_but_the_last() -> None:
    assert threshold_error(*leaving(39, of=40), percent=100) == ""
    assert threshold_error(*leaving(4, of=40), percent=0) != ""


@pytest.mark.parametrize("size", [1, 2, 3, 40])
def test_an_empty_course_ends_nobody_however_few_they_are(size: int) -> None:
    assert threshold_error(*leaving(size, of=size), percent=100) == (
        f"The course has no members. This would end {size} of the {size} memberships that syncs keep here."
    )


def test_a_course_in_which_nobody_is_recognized_ends_nobody() -> None:
    found = desired(member("7"), member("8"))

    assert threshold_error(made(found, held(1)), found, percent=100) == (
        "Of 2 in the course nobody belongs here. This would end 1 of the 1 memberships that syncs keep here."
    )


def test_an_empty_course_of_an_empty_organization_is_no_harm() -> None:
    assert threshold_error(*leaving(0, of=0), percent=25) == ""


def test_memberships_that_somebody_else_made_do_not_count_for_the_threshold() -> None:
    found = desired(*(learner(user_id) for user_id in range(1, 5)))
    others = (held(user_id, is_open=False) for user_id in range(20, 45))
    kept = (held(user_id) for user_id in range(1, 9))

    assert threshold_error(made(found, *kept, *others), found, percent=25) == (
        "This would end 4 of the 8 memberships that syncs keep here, more than 25 %."
    )
