"""Accounts that were merged on the old site: taken with --accept-merges, and each reported."""

from typing import Any

import pytest

from memberships.models import Membership, Reflection
from organizations.models import Organization
from roster.models import Change, User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import (
    MEMBERSHIP,
    ORGANIZATION,
    USER,
    a_membership,
    a_user,
    an_answer,
    an_organization,
)

pytestmark = pytest.mark.both_databases

GONE, OTHER = USER + 1, USER + 2
DUPLICATE = {"userId": GONE, "username": "wtran", "sisId": {"value": "S1"}, "campusEmail": "wtran@example.edu"}
MERGED = a_user(username="wtran", sisId={"value": "S1"})
"""The surviving account as it is after the merge: with the username and the SIS id of the other."""


def a_person(**changes: Any) -> Any:
    return a_user(**{"userId": OTHER, "username": "other", "campusEmail": "other@example.edu", **changes})


@pytest.fixture
def two(run_import: Importer) -> None:
    """One person with two accounts, each with a membership, and somebody else."""
    run_import(
        a_user(),
        a_user(**DUPLICATE),
        a_person(),
        a_membership(),
        a_membership(
            membershipId=MEMBERSHIP + 1,
            userId=GONE,
            username="wtran",
            reflection="I rowed.",
        ),
        a_membership(membershipId=MEMBERSHIP + 2, userId=GONE, username="wtran", deleted=True),
        a_membership(membershipId=MEMBERSHIP + 3, userId=OTHER, username="other"),
        an_organization(primaryContactId=GONE, primaryContactName="Wexley Tran"),
    )


def holders() -> dict[int, int]:
    return dict(Membership.objects.order_by("pk").values_list("pk", "user_id"))


def everything() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in (User, Membership, Organization, Reflection)]


MOVED = {MEMBERSHIP: USER, MEMBERSHIP + 1: USER, MEMBERSHIP + 2: USER, MEMBERSHIP + 3: OTHER}
KEPT = {**MOVED, MEMBERSHIP + 1: GONE, MEMBERSHIP + 2: GONE}


def test_a_merge_moves_what_is_about_the_person_and_is_reported(run_import: Importer, two: None) -> None:
    Change.objects.all().delete()

    output = run_import(an_answer(MERGED, a_person()), accept_merges=True)

    assert holders() == MOVED
    assert Reflection.objects.get().membership.user_id == USER
    assert Organization.objects.get(pk=ORGANIZATION).primary_contact_id == USER
    assert (
        f"User {GONE}, 'wtran', was merged into user {USER}, 'wtran' (the same username, SIS id); moved: "
        "2 memberships, 1 organization." in output
    )
    assert f"User {USER} was renamed from '204518' to 'wtran'." in output
    assert counts(output, "users") == [0, 2, 1, 0]
    assert Change.objects.exists()


def test_the_merged_account_is_retired_and_holds_no_identifier(run_import: Importer, two: None) -> None:
    run_import(an_answer(MERGED, a_person()), accept_merges=True)

    gone = User.objects.get(pk=GONE)
    assert (gone.username, gone.username_folded, gone.status) == (
        *(f"engage-merged-{GONE}", f"engage-merged-{GONE}"),
        User.Status.INACTIVE,
    )
    assert (gone.sis_id, gone.card_id, gone.campus_email, gone.preferred_email) == ("", "", "", "")
    assert (gone.first_name, gone.last_name) == ("Wexley", "Tran")
    assert "sis_id" in gone.attribute_times


def test_a_second_run_finds_nothing_to_do(run_import: Importer, two: None) -> None:
    run_import(an_answer(MERGED, a_person()), accept_merges=True)
    before = everything()

    assert "Nothing has changed" in run_import(an_answer(MERGED, a_person()), accept_merges=True)
    assert "Nothing has changed" in run_import(an_answer(MERGED, a_person()))
    assert everything() == before


def test_a_dry_run_tells_of_it_and_writes_nothing(run_import: Importer, two: None) -> None:
    before = everything()

    output = run_import(an_answer(MERGED, a_person()), accept_merges=True, dry_run=True)

    assert f"User {GONE}, 'wtran', was merged into user {USER}" in output
    assert everything() == before


def test_without_the_option_the_refusal_names_both_and_the_option(run_import: Importer, two: None) -> None:
    before = everything()

    refusal = run_import.refused(an_answer(MERGED, a_person()), accept_renames=True)

    assert f"'wtran' is user {GONE} here, and user {USER} in this record. If user {GONE} was merged" in refusal
    assert "give --accept-merges and the list of all users" in refusal
    assert everything() == before


def test_memberships_that_are_the_others_now_tell_of_a_merge(run_import: Importer, two: None) -> None:
    answers = [an_answer(a_user(), a_person()), a_membership(membershipId=MEMBERSHIP + 1, reflection="I rowed.")]

    refusal = run_import.refused(*answers)
    output = run_import(*answers, accept_merges=True)

    assert f"If user {GONE} was merged into user {USER}, give --accept-merges" in refusal
    assert f"was merged into user {USER}, '204518' (the same memberships)" in output
    assert holders() == MOVED


def test_an_account_that_is_new_here_may_survive(run_import: Importer, two: None) -> None:
    new = a_user(**{**DUPLICATE, "userId": 7})

    run_import(an_answer(new, a_user(), a_person()), accept_merges=True)

    assert holders() == {**MOVED, MEMBERSHIP + 1: 7, MEMBERSHIP + 2: 7}


def test_two_may_be_merged_into_one(run_import: Importer, two: None) -> None:
    User.objects.create(pk=7, username="w.tran", card_id="C1", campus_email="W.Tran@example.edu")
    record = {**MERGED, "cardId": "C1", "campusEmail": "w.tran@example.edu"}

    output = run_import(an_answer(record, a_person()), accept_merges=True)

    assert output.count(f"was merged into user {USER}") == 2
    assert list(User.objects.filter(status="inactive").order_by("pk").values_list("pk", flat=True)) == [7, GONE]


@pytest.mark.parametrize(
    "record",
    [
        a_user(username="wtran"),  # nothing but the username
        a_user(username="wtran", campusEmail="wtran@example.edu", sisId={"value": "S2"}),  # another person's SIS id
    ],
)
def test_a_username_that_was_given_to_somebody_else_is_no_merge(run_import: Importer, two: None, record: Any) -> None:
    before = everything()

    refusal = run_import.refused(an_answer(record, a_person()), accept_merges=True)

    assert f"Apart from the username, there is no evidence that user {GONE} was merged" in refusal
    assert everything() == before


@pytest.mark.parametrize(
    "answers",
    [
        [MERGED, a_person()],  # no envelope
        [{**an_answer(MERGED, a_person()), "totalItems": 3}],  # a page of several
        [an_answer(MERGED)],  # of one person, by a filter
    ],
)
def test_it_takes_the_list_of_all_users(run_import: Importer, two: None, answers: list[Any]) -> None:
    before = everything()

    refusal = run_import.refused(*answers, accept_merges=True)

    assert "is accepted only with the list of all users, in its envelopes." in refusal
    assert everything() == before


@pytest.mark.parametrize(
    "still_there",
    [
        a_user(**{**DUPLICATE, "username": "wtran2"}),
        a_membership(membershipId=MEMBERSHIP + 1, userId=GONE, username="", reflection="I rowed."),
        an_organization(primaryContactId=GONE, primaryContactName="Wexley Tran"),
    ],
)
def test_an_account_that_the_import_names_was_not_merged(run_import: Importer, two: None, still_there: Any) -> None:
    refusal = run_import.refused(an_answer(MERGED, a_person()), still_there, accept_merges=True)

    assert f"{GONE}" in refusal
    assert holders() == KEPT


@pytest.mark.parametrize(
    "answers, reason",
    [
        ([an_answer(a_user())], "only with the list of all users, in its envelopes."),
        ([an_answer(a_user(), a_person(), a_user(**DUPLICATE))], f"User {GONE} is in this import too"),
        ([an_answer(a_person(), a_user(userId=7, username="new"))], f"User {USER} has no record in this import."),
        (
            [
                an_answer(a_user(), a_person()),
                a_membership(membershipId=MEMBERSHIP + 2, userId=OTHER, username="other"),
            ],
            f"It is not clear which account user {GONE} was merged into.",
        ),
    ],
)
def test_with_the_option_a_membership_of_another_says_why_it_is_no_merge(
    run_import: Importer, two: None, answers: list[Any], reason: str
) -> None:
    refusal = run_import.refused(*answers, a_membership(membershipId=MEMBERSHIP + 1), accept_merges=True)

    assert reason in refusal
    assert "give --accept-merges" not in refusal
    assert holders() == KEPT


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_an_account_that_may_use_the_admin_is_never_merged(run_import: Importer, two: None, right: str) -> None:
    User.objects.filter(pk=GONE).update(**{right: True})

    refusal = run_import.refused(an_answer(MERGED, a_person()), accept_merges=True)

    assert "An import merges no account that may use the admin." in refusal
    assert holders() == KEPT


@pytest.mark.parametrize("fields, confidential", [({}, True), ({"isConfidential": False}, False)])
def test_a_directory_block_goes_along_unless_the_record_says_otherwise(
    run_import: Importer, two: None, fields: dict[str, bool], confidential: bool
) -> None:
    User.objects.filter(pk=GONE).update(is_confidential=True)

    output = run_import(an_answer({**MERGED, **fields}, a_person()), accept_merges=True)

    assert User.objects.get(pk=USER).is_confidential is confidential
    assert ("It is confidential now, as the other was." in output) is confidential
