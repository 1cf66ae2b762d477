"""The constraints of memberships hold in the database, and their messages name what is required."""

import datetime as dt

import pytest

from memberships.models import Membership, Reflection
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

VIOLATIONS: Violations = {
    "membership_does_not_end_before_it_starts": lambda sample: Membership(
        user=sample.nadia,
        position=sample.senator,
        recorded_start=dt.date(2025, 5, 2),
        recorded_end=dt.date(2025, 5, 1),
        shown_on_campus=True,
        shown_on_public=True,
    ),
    "reflection_has_a_text": lambda sample: Reflection(membership=sample.ben_treasurer, text=""),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(sample: SampleData, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](sample), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(sample: SampleData, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](sample), name)
