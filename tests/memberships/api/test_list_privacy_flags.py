"""GET /api/memberships: the vendor's nine-row table of publicPrivacyFilter and campusPrivacyFilter."""

from typing import Any

import pytest

from tests.client import ask
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

ALL_PAIRS = {(True, True), (True, False), (False, True), (False, False)}
"""Shown on campus, shown to the public."""


@pytest.mark.parametrize(
    "public, campus, pairs",
    [
        (None, None, ALL_PAIRS),
        (None, "true", {(True, True), (True, False)}),
        (None, "false", {(False, True), (False, False)}),
        ("true", None, {(True, True), (False, True)}),
        ("true", "true", {(True, True)}),
        ("true", "false", {(False, True)}),
        ("false", None, {(True, False), (False, False)}),
        ("false", "true", {(True, False)}),
        ("false", "false", {(False, False)}),
    ],
)
def test_unset_filters_nothing_and_set_filters_that_flag(
    sample: SampleData, public: str | None, campus: str | None, pairs: set[tuple[bool, bool]]
) -> None:
    asked = {"publicPrivacyFilter": public, "campusPrivacyFilter": campus}
    answer = ask(sample.staff_key, "/api/memberships", **{name: word for name, word in asked.items() if word})
    everything = ask(sample.staff_key, "/api/memberships").body["items"]

    assert {flags(item) for item in answer.body["items"]} == pairs
    assert answer.ids == [item["membershipId"] for item in everything if flags(item) in pairs]


def test_the_flags_are_booleans(sample: SampleData) -> None:
    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.chloe_senator.pk).body["items"]

    assert item["userShownOnCampusRoster"] is False
    assert item["userShownOnPublicRoster"] is True


def test_the_filters_only_narrow_what_an_audience_sees(sample: SampleData) -> None:
    assert ask(sample.campus_key, "/api/memberships", campusPrivacyFilter="false").ids == []
    assert ask(sample.public_key, "/api/memberships", publicPrivacyFilter="false").ids == []
    assert ask(sample.public_key, "/api/memberships", campusPrivacyFilter="false").ids == [
        *(sample.dalia_chess.pk, sample.chloe_senator.pk),
    ]


def flags(item: Any) -> tuple[bool, bool]:
    return item["userShownOnCampusRoster"], item["userShownOnPublicRoster"]
