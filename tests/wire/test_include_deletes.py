"""`IncludeDeletes` is accepted by every list, because programs send it to each when they compare two sites."""

import pytest

from tests.client import ask
from tests.sample_data import SampleData
from tests.wire.routes import LISTS, Route

pytestmark = pytest.mark.both_databases

OTHERS = [route for route in LISTS if route.path != "/api/memberships"]


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_staff_may_ask_for_deleted_rows_in_every_list(sample: SampleData, route: Route) -> None:
    plain = ask(sample.staff_key, route.path).body

    answer = ask(sample.staff_key, route.path, includeDeletes="TRUE")

    assert answer.status == 200
    assert (answer.body == plain) == (route in OTHERS)


@pytest.mark.parametrize("route", LISTS, ids=str)
@pytest.mark.parametrize("name", ["campus_key", "staff_key", "limited_campus_key", "limited_staff_key"])
def test_all_may_ask_for_none(sample: SampleData, route: Route, name: str) -> None:
    key = getattr(sample, name)

    assert ask(key, route.path, IncludeDeletes="false").body == ask(key, route.path).body


@pytest.mark.parametrize("route", LISTS, ids=str)
@pytest.mark.parametrize("name", ["public_key", "campus_key", "limited_campus_key"])
def test_others_than_staff_may_not_ask_for_them(sample: SampleData, route: Route, name: str) -> None:
    assert ask(getattr(sample, name), route.path, IncludeDeletes="true").status == 403
    assert ask(getattr(sample, name), route.path, IncludeDeletes="1").status == 403


@pytest.mark.parametrize("route", LISTS, ids=str)
def test_another_word_is_refused(sample: SampleData, route: Route) -> None:
    assert list(ask(sample.staff_key, route.path, IncludeDeletes="maybe").refused) == ["IncludeDeletes"]
