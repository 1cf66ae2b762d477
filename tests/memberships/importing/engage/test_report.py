"""The summary that the command prints at the end."""

import pytest

from memberships.models import Membership
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import a_membership, a_position, a_user, an_organization

pytestmark = pytest.mark.both_databases


def test_it_counts_by_kind(run_import: Importer) -> None:
    output = run_import(a_membership(), a_user())

    assert output.splitlines()[0].split() == ["created", "changed", "unchanged", "from", "references"]
    assert {line[:20].strip(): counts(output, line[:20].strip()) for line in output.splitlines()[1:9]} == {
        "memberships": [1, 0, 0, 0],
        "organizations": [0, 0, 0, 1],
        "positions": [0, 0, 0, 1],
        "users": [1, 0, 0, 0],
        "position templates": [0, 0, 0, 1],
        "position types": [0, 0, 0, 1],
        "organization types": [0, 0, 0, 0],
        "categories": [0, 0, 0, 0],
    }


def test_keys_that_are_not_stored_are_reported_once(run_import: Importer) -> None:
    output = run_import(
        [a_membership(badge="gold"), a_membership(badge="tin")],
        an_organization(mission="Light", extra=None),
        a_position(extra=1),
    )

    assert (
        "Not stored, because this server has no such fields: badge of 2 memberships, extra of 1 organizations, "
        "mission of 1 organizations, extra of 1 positions." in output
    )


def test_keys_of_the_wire_are_all_known(run_import: Importer) -> None:
    assert "Not kept" not in run_import(a_membership(modifiedOn=1), an_organization(), a_position(), a_user())


def test_a_dry_run_says_what_would_be_and_writes_nothing(run_import: Importer) -> None:
    output = run_import(a_membership(), dry_run=True)

    assert counts(output, "memberships") == [1, 0, 0, 0]
    assert "This was a dry run: nothing was written." in output
    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_a_dry_run_refuses_what_a_real_one_would(run_import: Importer) -> None:
    assert "record 1, userId" in run_import.refused(a_membership(userId=0), dry_run=True)
