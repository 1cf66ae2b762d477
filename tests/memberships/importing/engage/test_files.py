"""What files of recorded answers may look like."""

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError

from memberships.models import Membership
from organizations.models import Organization, Position
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import (
    MEMBERSHIP,
    ORGANIZATION,
    POSITION,
    a_membership,
    a_position,
    a_user,
    an_answer,
    an_organization,
)

pytestmark = pytest.mark.both_databases

ONE_OF_EACH = [a_membership(), a_position(), an_organization(summary="Lights."), a_user(cardId="C0042")]


@pytest.mark.parametrize(
    "answers",
    [
        [an_answer(a_membership())],
        [[a_membership()]],
        [a_membership()],
        [b"\xef\xbb\xbf" + orjson.dumps(a_membership())],
        [[an_answer(), an_answer(a_membership())]],
        [[an_answer(a_user()), a_membership()]],
    ],
    ids=[
        "an envelope",
        "a list",
        "an object",
        "a byte order mark",
        "pages that were joined",
        "an envelope and a record",
    ],
)
def test_a_file_is(run_import: Importer, answers: list[object]) -> None:
    run_import(*answers)

    assert list(Membership.objects.values_list("pk", flat=True)) == [MEMBERSHIP]


@pytest.mark.parametrize("answers", [ONE_OF_EACH, ONE_OF_EACH[::-1], [ONE_OF_EACH], [an_answer(*ONE_OF_EACH[::-1])]])
def test_kinds_come_in_any_order_and_mixed(run_import: Importer, answers: list[object]) -> None:
    run_import(*answers)

    membership = Membership.objects.select_related("position__organization", "user").get()
    assert (membership.pk, membership.position_id, membership.position.organization_id) == (
        *(MEMBERSHIP, POSITION),
        ORGANIZATION,
    )
    assert (membership.position.organization.summary, membership.user.card_id) == ("Lights.", "C0042")
    assert [model.objects.count() for model in (Organization, Position, User)] == [1, 1, 1]


def test_an_empty_answer_changes_nothing(run_import: Importer) -> None:
    assert "Nothing has changed" in run_import(an_answer())


@pytest.mark.parametrize("content", [b"", b"<html>", b'{"items": [', b"NaN"])
def test_it_refuses_what_is_not_json(run_import: Importer, content: bytes) -> None:
    assert "answer-1.json is not JSON" in run_import.refused(content)


@pytest.mark.parametrize("content", [b"5", b'"text"', b"null"])
def test_it_refuses_json_that_holds_no_records(run_import: Importer, content: bytes) -> None:
    assert "contains neither a response with “items”, nor a list, nor an object" in run_import.refused(content)


def test_it_refuses_a_file_that_is_not_there(run_import: Importer, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.json")

    with pytest.raises(CommandError, match=r"missing\.json cannot be read: No such file or directory"):
        run_import.run(missing)


def test_it_refuses_a_record_of_no_kind(run_import: Importer) -> None:
    refusal = run_import.refused([a_membership(), {"messages": ["Success"]}, 5])

    assert "answer-1.json, record 2, the record: One of the keys membershipId, positionId," in refusal
    assert "answer-1.json, record 3, the record" in refusal
    assert not Membership.objects.exists()


def test_all_files_are_taken_or_none(run_import: Importer) -> None:
    run_import.refused(a_membership(), a_user(userId=0))

    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_it_asks_for_files_or_a_site(run_import: Importer) -> None:
    assert "Give the files to import, or the site to download from with --url" in run_import.refused()
    assert "Give the files" in run_import.refused(a_membership(), url="https://campus.example.edu")


@pytest.mark.parametrize("option", ["key", "public_key", "private_key", "address", "spool"])
def test_options_of_a_site_do_not_go_with_files(run_import: Importer, option: str) -> None:
    assert f"--{option.replace('_', '-')} can only be used with --url, not with files." in run_import.refused(
        a_membership(), **{option: "x"}
    )
