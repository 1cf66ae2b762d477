"""Bad records are all told, with file, place and field, and nothing is written."""

import pytest

from memberships.engage.complaints import MOST_SHOWN
from memberships.models import Membership
from roster.models import User
from tests.memberships.engage.conftest import Importer
from tests.memberships.engage.records import MEMBERSHIP, USER, a_membership, a_user

pytestmark = pytest.mark.both_databases


def test_every_bad_record_is_told(take: Importer) -> None:
    refusal = take.refused(
        [a_membership(), a_membership(membershipId="x"), a_membership(userId=None, positionId=0)],
        [a_user(status="Gone")],
    )

    told = [line.partition("answer-")[2].partition(": ")[0] for line in refusal.splitlines() if "answer-" in line]
    assert told == [
        "1.json, record 2, membershipId",
        "1.json, record 3, userId",
        "1.json, record 3, positionId",
        "2.json, record 1, status",
    ]
    assert "Nothing was imported. Records are counted from 1." in refusal
    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_what_is_refused_for_other_rows_is_told_along(take: Importer) -> None:
    take(a_membership())

    another = a_membership(membershipId=MEMBERSHIP + 1, deleted="perhaps")
    refusal = take.refused([a_membership(userId=USER + 1, username="other"), another])

    assert "record 1, membershipId: Membership" in refusal
    assert "record 2, deleted: true, false" in refusal


def test_of_many_bad_records_the_first_are_told_and_the_others_counted(take: Importer) -> None:
    refusal = take.refused([a_membership(membershipId=None)] * (MOST_SHOWN + 1_234))

    assert refusal.count("membershipId: A whole number") == MOST_SHOWN
    assert "and 1,234 more." in refusal


@pytest.mark.parametrize("field", ["userShownOnCampusRoster", "userShownOnPublicRoster", "deleted"])
@pytest.mark.parametrize("value", ["yes", 0, 1, "", []])
def test_it_refuses_a_flag_of_another_word(take: Importer, field: str, value: object) -> None:
    refusal = take.refused(a_membership(**{field: value}))

    assert f'record 1, {field}: true, false, "True" or "False" is needed, not {value!r}.' in refusal


def test_a_long_value_is_told_shortly(take: Importer) -> None:
    refusal = take.refused(a_user(status="x" * 10_000))

    assert len(refusal) < 500
