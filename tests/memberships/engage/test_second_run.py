"""A second run changes nothing, says so, and moves no time of modification."""

import json
from pathlib import Path
from typing import Any

import pytest

from memberships.models import Membership, Reflection
from organizations.models import Category, CustomField, Organization, Position, PositionTemplate
from roster import changes
from roster.models import User
from tests.memberships.engage.conftest import Importer, counts
from tests.memberships.engage.records import LAST_DAY, MEMBERSHIP, a_membership

pytestmark = pytest.mark.both_databases

ANSWERS = [
    json.loads(path.read_text(encoding="utf-8")) for path in sorted((Path(__file__).parent / "answers").glob("*.json"))
]
MODELS: list[Any] = [Membership, Position, Organization, User, PositionTemplate, Category, CustomField, Reflection]


def everything() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in MODELS]


@pytest.mark.parametrize("answers", [ANSWERS, ANSWERS[::-1], ANSWERS[:1]], ids=["all", "in another order", "one"])
def test_a_second_run_changes_nothing_and_says_so(take: Importer, answers: list[Any]) -> None:
    take(*answers)
    before = everything()

    output = take(*answers)

    assert "Nothing has changed: all of this was here already." in output
    assert everything() == before


def test_it_counts_what_is_unchanged(take: Importer) -> None:
    take(*ANSWERS)

    output = take(*ANSWERS)

    assert {kind: counts(output, kind) for kind in ("memberships", "organizations", "positions", "users")} == {
        "memberships": [0, 0, 10, 0],
        "organizations": [0, 0, 2, 0],
        "positions": [0, 0, 3, 0],
        "users": [0, 0, 2, 0],
    }


def test_a_change_moves_the_time_of_its_row_only(take: Importer) -> None:
    other = a_membership(membershipId=MEMBERSHIP + 1)
    take([a_membership(), other])
    before = dict(Membership.objects.values_list("pk", "modified_at"))

    take([a_membership(positionRecordedEndDate=LAST_DAY), other])

    after = dict(Membership.objects.values_list("pk", "modified_at"))
    assert after[MEMBERSHIP] > before[MEMBERSHIP]
    assert after[MEMBERSHIP + 1] == before[MEMBERSHIP + 1]


def test_the_last_of_several_records_of_an_id_counts_and_is_told(take: Importer) -> None:
    answers = [a_membership(positionRecordedEndDate=LAST_DAY), a_membership()]

    output = take(*answers)

    assert Membership.objects.get().recorded_end is None
    assert "Given more than once, where the last one counts: 1 records." in output
    assert "Nothing has changed" in take(*answers)


@pytest.mark.django_db(transaction=True)
def test_those_who_remember_the_roster_learn_of_a_change_and_of_nothing_else(take: Importer) -> None:
    before = changes.moment().last
    take(a_membership())
    after = changes.moment().last
    assert after > before

    take(a_membership())
    take(a_membership(positionRecordedEndDate=LAST_DAY), dry_run=True)

    assert changes.moment().last == after
