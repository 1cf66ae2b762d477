"""All bad records are reported, with file, number and field, and nothing is written."""

from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError

from memberships.importing.engage.diff import DiffBuilder, ImportDiff
from memberships.importing.engage.model_upserts import MembershipUpsert
from memberships.importing.errors import MAX_SHOWN
from memberships.models import Membership
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import MEMBERSHIP, USER, a_membership, a_user

pytestmark = pytest.mark.both_databases


def test_every_bad_record_is_reported(run_import: Importer) -> None:
    refusal = run_import.refused(
        [a_membership(), a_membership(membershipId="x"), a_membership(userId=None, positionId=0)],
        [a_user(status="Gone")],
    )

    reported = [line.partition("answer-")[2].partition(": ")[0] for line in refusal.splitlines() if "answer-" in line]
    assert reported == [
        "1.json, record 2, membershipId",
        "1.json, record 3, userId",
        "1.json, record 3, positionId",
        "2.json, record 1, status",
    ]
    assert "Nothing was imported. Records are counted from 1." in refusal
    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_values_refused_because_of_other_rows_are_reported_too(run_import: Importer) -> None:
    run_import(a_membership())

    another = a_membership(membershipId=MEMBERSHIP + 1, deleted="perhaps")
    refusal = run_import.refused([a_membership(userId=USER + 1, username="other"), another])

    assert "record 1, membershipId: Membership" in refusal
    assert "record 2, deleted: true, false" in refusal


def test_of_many_bad_records_the_first_are_reported_and_the_others_counted(run_import: Importer) -> None:
    refusal = run_import.refused([a_membership(membershipId=None)] * (MAX_SHOWN + 1_234))

    assert refusal.count("membershipId: A whole number") == MAX_SHOWN
    assert "and 1,234 more." in refusal


@pytest.mark.parametrize("field", ["userShownOnCampusRoster", "userShownOnPublicRoster", "deleted"])
@pytest.mark.parametrize("value", ["yes", 0, 1, "", []])
def test_it_refuses_a_flag_of_another_word(run_import: Importer, field: str, value: object) -> None:
    refusal = run_import.refused(a_membership(**{field: value}))

    assert f'record 1, {field}: true, false, "True" or "False" is needed, not {value!r}.' in refusal


def test_a_long_value_is_shortened_in_the_message(run_import: Importer) -> None:
    refusal = run_import.refused(a_user(status="x" * 10_000))

    assert len(refusal) < 500


@pytest.mark.parametrize(
    "failure, sentence",
    [
        (IntegrityError("that id"), "The roster was changed during the import. Run the import again. (that id)"),
        (OperationalError("locked"), "The database failed, and nothing was written: locked"),
    ],
)
def test_a_database_failure_is_reported(
    run_import: Importer, monkeypatch: pytest.MonkeyPatch, failure: Exception, sentence: str
) -> None:
    def fail(*arguments: object) -> None:
        raise failure

    monkeypatch.setattr(MembershipUpsert, "write_parts", fail)

    assert sentence in run_import.refused(a_membership())
    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_a_file_that_disappears_during_the_import_is_reported(
    run_import: Importer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    make = DiffBuilder.make

    def make_and_remove(planner: DiffBuilder) -> ImportDiff:
        (tmp_path / "answer-1.json").unlink()
        return make(planner)

    monkeypatch.setattr(DiffBuilder, "make", make_and_remove)

    assert "answer-1.json cannot be read: No such file or directory." in run_import.refused(a_membership())
    assert not User.objects.exists()
