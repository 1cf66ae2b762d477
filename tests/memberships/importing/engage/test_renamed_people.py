"""Accounts that have another username on the old site now: taken with --accept-renames, and each reported."""

import pytest

from roster.models import User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import USER, a_membership, a_user

pytestmark = pytest.mark.both_databases


def usernames() -> dict[int, str]:
    return dict(User.objects.order_by("pk").values_list("pk", "username"))


@pytest.mark.parametrize("record", [a_user(username="wtran"), a_membership(username="wtran")])
def test_a_rename_is_taken_and_reported(run_import: Importer, record: dict[str, object]) -> None:
    run_import(a_user())

    output = run_import(record, accept_renames=True)

    assert usernames() == {USER: "wtran"}
    assert User.objects.get().username_folded == "wtran"
    assert f"User {USER} was renamed from '204518' to 'wtran'." in output
    assert counts(output, "users")[:2] == [0, 1]


@pytest.mark.parametrize("records", [[a_user, a_user], [a_membership, a_user]])
def test_two_may_swap_their_usernames(run_import: Importer, records: list[object]) -> None:
    run_import(a_user(username="one"), a_user(userId=USER + 1, username="two"))
    first, second = records
    swapped = [first(username="two"), second(userId=USER + 1, username="one")]  # type: ignore[operator]

    refused = run_import.refused(*swapped)
    run_import(*swapped, accept_renames=True, dry_run=True)
    before = usernames()
    run_import(*swapped, accept_renames=True)

    assert "give --accept-renames" in refused
    assert before == {USER: "one", USER + 1: "two"}
    assert usernames() == {USER: "two", USER + 1: "one"}


def test_a_username_that_somebody_keeps_is_not_taken_over(run_import: Importer) -> None:
    run_import(a_user(username="one"), a_user(userId=USER + 1, username="two"))

    assert f"'two' is user {USER + 1} here" in run_import.refused(a_user(username="two"), accept_renames=True)
    assert usernames() == {USER: "one", USER + 1: "two"}


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_an_account_that_may_use_the_admin_is_never_renamed(run_import: Importer, right: str) -> None:
    User.objects.create(pk=USER, username="boss", **{right: True})

    assert "renames no account that may use the admin" in run_import.refused(a_user(), accept_renames=True)
    assert usernames() == {USER: "boss"}
