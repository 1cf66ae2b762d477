"""A window of changes is found once, and its pages are cut from the keys found (`roster/reads/key_cache.py`)."""

from typing import Any

import pytest

from memberships.models import Membership
from memberships.views import MembershipViewSet
from roster.reads import snapshot
from roster.reads.compiled_list import CompiledList
from tests.sample_data import MODIFIED_MS, SampleData
from tests.wire.test_prepared import listings, staff_key

WINDOW = {"ModifiedOnStart": str(MODIFIED_MS)}


def window() -> CompiledList:
    prepared, _ = listings(MembershipViewSet, staff_key(), WINDOW)
    assert prepared is not None
    return prepared


def whole() -> list[dict[str, Any]]:
    return [dict(item) for _, item in listings(MembershipViewSet, staff_key(), WINDOW)[1].page(0, 500)]


def test_while_nothing_changes_the_next_page_asks_for_its_rows_alone(
    sample: SampleData, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "current_snapshot", lambda: snapshot.Snapshot(last_change=1, xmin=2, instance_id=0))
    keyset, _ = window().page(0, 5)[-1]
    expected = whole()
    following = window()
    with django_assert_num_queries(1):
        assert [item for _, item in following.page_after(keyset, 0, 5)] == expected[5:10]
        assert following.total() == len(expected)


def test_a_page_after_a_row_that_has_left_goes_on_where_it_stood(sample: SampleData) -> None:
    expected = whole()
    keyset, item = window().page(0, 5)[-1]
    Membership.objects.get(pk=item["membershipId"]).delete()
    assert [found for _, found in window().page_after(keyset, 0, 5)] == expected[5:10]


@pytest.mark.parametrize("start", [0, 5])
def test_a_row_that_leaves_is_gone_from_the_next_answer(sample: SampleData, start: int) -> None:
    expected = whole()
    window().page(0, 5)
    Membership.objects.get(pk=expected[start]["membershipId"]).delete()
    found = [item for _, item in window().page(start, 5)]
    assert found == [item for item in expected if item != expected[start]][start : start + 5]
