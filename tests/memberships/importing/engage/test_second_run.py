"""A second run changes nothing, reports this, and changes no time of modification."""

import json
from pathlib import Path
from typing import Any

import pytest

from memberships.models import Membership, Reflection
from organizations.models import Category, CustomField, Organization, Position, PositionTemplate
from roster.models import User
from roster.reads.snapshot import current_snapshot
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import LAST_DAY, MEMBERSHIP, a_membership

pytestmark = pytest.mark.both_databases

ANSWERS = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted((Path(__file__).parent / "answers").glob("*.json"))
]
MODELS: list[Any] = [Membership, Position, Organization, User, PositionTemplate, Category, CustomField, Reflection]


def everything() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in MODELS]


@pytest.mark.parametrize("answers", [ANSWERS, ANSWERS[::-1], ANSWERS[:1]], ids=["all", "in another order", "one"])
def test_a_second_run_changes_nothing_and_says_so(run_import: Importer, answers: list[Any]) -> None:
    run_import(*answers)
    before = everything()

    output = run_import(*answers)

    assert "Nothing has changed: the roster has all of this already." in output
    assert everything() == before


def test_it_counts_what_is_unchanged(run_import: Importer) -> None:
    run_import(*ANSWERS)

    output = run_import(*ANSWERS)

    assert {kind: counts(output, kind) for kind in ("memberships", "organizations", "positions", "users")} == {
        "memberships": [0, 0, 10, 0],
        "organizations": [0, 0, 2, 0],
        "positions": [0, 0, 3, 0],
        "users": [0, 0, 2, 0],
    }


def test_a_change_moves_the_time_of_its_row_only(run_import: Importer) -> None:
    other = a_membership(membershipId=MEMBERSHIP + 1)
    run_import([a_membership(), other])
    before = dict(Membership.objects.values_list("pk", "modified_at"))

    run_import([a_membership(positionRecordedEndDate=LAST_DAY), other])

    after = dict(Membership.objects.values_list("pk", "modified_at"))
    assert after[MEMBERSHIP] > before[MEMBERSHIP]
    assert after[MEMBERSHIP + 1] == before[MEMBERSHIP + 1]


def test_the_last_of_several_records_of_an_id_is_used_and_reported(run_import: Importer) -> None:
    answers = [a_membership(positionRecordedEndDate=LAST_DAY), a_membership()]

    output = run_import(*answers)

    assert Membership.objects.get().recorded_end is None
    assert "Given more than once, with the last one stored: 1 records." in output
    assert "Nothing has changed" in run_import(*answers)


@pytest.mark.django_db(transaction=True)
def test_caches_of_the_roster_learn_of_a_change_and_of_nothing_else(run_import: Importer) -> None:
    before = current_snapshot().last_change
    run_import(a_membership())
    after = current_snapshot().last_change
    assert after > before

    run_import(a_membership())
    run_import(a_membership(positionRecordedEndDate=LAST_DAY), dry_run=True)

    assert current_snapshot().last_change == after
