"""Pages far down a list, and windows wide and narrow, are the same rows however they are found (`roster/reads/`)."""

import random
from typing import Any

import pytest

from memberships.views import MembershipViewSet
from roster.models import ApiKey
from roster.reads import key_cache, lateral_pages, list_cache
from tests.sample_data import MODIFIED_MS, SampleData
from tests.wire.test_prepared import listings, staff_key

pytestmark = pytest.mark.both_databases


@pytest.fixture
def _short_distances(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if every list were millions of rows long."""
    monkeypatch.setattr(list_cache, "MIN_CHECKPOINT", 2)
    monkeypatch.setattr(list_cache, "MAX_SKIPPED_ROWS", 3)
    monkeypatch.setattr(list_cache, "MIN_CHECKPOINT_DISTANCE", 1)
    monkeypatch.setattr(lateral_pages, "CHECKPOINT_DISTANCE", 4)


@pytest.mark.usefixtures("_short_distances")
@pytest.mark.parametrize("query", [{}, {"IncludeDeletes": "true"}, {"currentMembershipsOnly": "true"}], ids=str)
def test_pages_in_any_order_are_cut_from_one_list(sample: SampleData, query: dict[str, str]) -> None:
    prepared, plain = listings(MembershipViewSet, staff_key(), query)
    assert prepared is not None
    whole = [dict(item) for _, item in plain.page(0, 500)]
    starts = list(range(len(whole) + 2))
    random.Random(20).shuffle(starts)
    for start in starts:
        assert [item for _, item in prepared.page(start, 4)] == whole[start : start + 4]


@pytest.mark.usefixtures("_short_distances")
def test_a_walk_by_page_number_reads_every_row_once(sample: SampleData) -> None:
    prepared, plain = listings(MembershipViewSet, staff_key(), {})
    assert prepared is not None
    walked = [item for start in range(0, 100, 3) for _, item in prepared.page(start, 4)[:3]]
    assert walked == [dict(item) for _, item in plain.page(0, 500)]


@pytest.mark.parametrize("few", [0, 5_000], ids=["wide", "narrow"])
def test_a_window_holds_the_same_rows_wide_or_narrow(
    sample: SampleData, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(key_cache, "MAX_CACHED_KEYS", few)
    for opens, closes in ((MODIFIED_MS, MODIFIED_MS + 1), (MODIFIED_MS + 1, MODIFIED_MS + 2), (0, MODIFIED_MS)):
        query: dict[str, Any] = {"ModifiedOnStart": str(opens), "ModifiedOnEnd": str(closes)}
        prepared, plain = listings(MembershipViewSet, staff_key(), query)
        assert prepared is not None
        expected = [(list(keyset), dict(item)) for keyset, item in plain.page(0, 500)]
        assert [(list(keyset), item) for keyset, item in prepared.page(0, 500)] == expected
        if len(expected) > 4:
            after = prepared.page_after(expected[3][0], 0, 500)
            assert [(list(keyset), item) for keyset, item in after] == expected[4:]


@pytest.mark.parametrize(
    ("name", "value", "is_searched"),
    [
        ("currentMembershipsOnly", "true", False),
        ("publicPrivacyFilter", "true", False),
        ("publicPrivacyFilter", "false", True),
        ("campusPrivacyFilter", "true", False),
        ("campusPrivacyFilter", "false", True),
    ],
)
def test_a_list_that_keeps_most_rows_is_not_searched_for_few(
    sample: SampleData, name: str, value: str, is_searched: bool
) -> None:
    prepared, plain = listings(MembershipViewSet, staff_key(), {name: value})
    assert prepared is not None
    assert (prepared.plan.key_queries is not None) == is_searched
    assert [item for _, item in prepared.page(0, 500)] == [dict(item) for _, item in plain.page(0, 500)]


@pytest.mark.parametrize(("audience", "name"), [("campus", "campusPrivacyFilter"), ("public", "publicPrivacyFilter")])
def test_what_is_off_the_roster_that_a_key_reads_is_answered_without_a_search(
    sample: SampleData, audience: str, name: str, django_assert_num_queries: Any
) -> None:
    key = ApiKey(audience=audience)
    assert listings(MembershipViewSet, key, {name: "true"})[1].page(0, 500)
    prepared, plain = listings(MembershipViewSet, key, {name: "false"})
    assert prepared is None
    with django_assert_num_queries(0):
        assert (plain.page(0, 500), plain.total()) == ([], 0)


def test_a_list_that_was_long_is_not_searched_again_after_each_change(
    sample: SampleData, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[dict[str, Any]] = []
    find = key_cache.KeyQueries.all_keys

    def all_keys(self: key_cache.KeyQueries, values: dict[str, Any]) -> Any:
        searched.append(values)
        return find(self, values)

    monkeypatch.setattr(key_cache.KeyQueries, "all_keys", all_keys)
    monkeypatch.setattr(key_cache, "MAX_CACHED_KEYS", 5)
    monkeypatch.setattr(list_cache, "SKIPPED_SEARCHES", 2)
    for searches in (1, 1, 1, 2):
        sample.amara_president.save()
        prepared, plain = listings(MembershipViewSet, staff_key(), {"ModifiedOnStart": "0"})
        assert prepared is not None
        assert [item for _, item in prepared.page(0, 500)] == [dict(item) for _, item in plain.page(0, 500)]
        assert len(searched) == searches


@pytest.mark.parametrize(("matching", "is_walked"), [(3, True), (10**6, False)])
@pytest.mark.parametrize("audience", ["public", "campus"])
@pytest.mark.parametrize("parameter", ["startDate", "ModifiedOnStart"])
def test_a_list_whose_filter_alone_matches_many_is_walked(
    sample: SampleData, monkeypatch: pytest.MonkeyPatch, matching: int, is_walked: bool, audience: str, parameter: str
) -> None:
    monkeypatch.setattr(key_cache, "MATCHING", matching)
    prepared, plain = listings(MembershipViewSet, ApiKey(audience=audience), {parameter: "0"})
    assert prepared is not None
    assert (prepared.keys is None) == is_walked
    assert [item for _, item in prepared.page(0, 500)] == [dict(item) for _, item in plain.page(0, 500)] != []
