"""For a generated campus, filtering the complete list by hand gives what the server gives: for every parameter and
random combinations of them, exactly the same items in the same order, by pages and by cursor too."""

import contextlib
import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker

from roster.api.parameters import ChoiceField, FlagParameter, InstantField, WholeNumberField
from roster.reads import compiled_list, list_cache
from roster.reads.lru_cache import LRUCache
from tests.client import ask
from tests.sample_data import key
from tests.wire.by_hand import Item, filtered, folded, parameters, printed_midnight, text_of
from tests.wire.routes import LISTS, Route
from tests.wire.walking import pages_by_link, pages_by_number

pytestmark = pytest.mark.both_databases

STORY = dt.date(2026, 10, 1)
"""The day it is on this campus."""
TODAY = printed_midnight(STORY)
DAY = 86_400_000
LARGE = {
    "list_cache.MIN_CHECKPOINT": 2,
    "list_cache.MAX_SKIPPED_ROWS": 3,
    "list_cache.MIN_CHECKPOINT_DISTANCE": 1,
    "lateral_pages.CHECKPOINT_DISTANCE": 4,
    "key_cache.MAX_CACHED_KEYS": 5,
    "key_cache.MATCHING": 12,
    "count_limit.LARGE_TABLE_ID": 1,
}
"""Numbers of rows from which on lists are found in other ways, as if they were reached."""
NOT_FOR_CAMPUS = {
    "/api/memberships": {"IncludeDeletes"},
    "/api/organizations": {"IncludeDeletes"},
    "/api/positions": {"IncludeDeletes"},
    "/api/users": {
        *("cardId", "sisId", "affiliation", "enrollmentStatus", "SchoolOfEnrollment", "primarySchoolOfEnrollment"),
        *("status", "CreatedOnStart", "CreatedOnEnd", "IncludeDeletes"),
    },
}


@dataclass(frozen=True)
class Whole:
    """Everything that is disclosed to a key: the complete lists, by their paths."""

    key: str
    items: dict[str, list[Item]]
    withheld: dict[str, set[str]]
    """Parameters that this key may not use, by the path."""


@pytest.fixture(scope="module")
def wholes(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Whole]]:
    """A generated campus, written once for all tests of this module and taken back after the last."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("roster.days.today", lambda: STORY)
        atomic.__enter__()
        call_command("generate_campus", users="150", organizations="40", memberships="450", seed="7", verbosity=0)
        staff, campus = key("staff", may_read_reflections=True), key("campus")
        of_staff = {"/api/memberships": {"IncludeDeletes": "true", "includeReflections": "true"}}
        found = {
            "staff": Whole(staff, {route.path: complete(staff, route, of_staff) for route in LISTS}, {}),
            "campus": Whole(campus, {route.path: complete(campus, route, {}) for route in LISTS}, NOT_FOR_CAMPUS),
        }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("roster.days.today", lambda: STORY)
        yield found
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@contextlib.contextmanager
def scale(is_large: bool) -> Iterator[None]:
    """Lists found the ways that a campus of this size, or one of millions, has them found."""
    with pytest.MonkeyPatch.context() as patch:
        list_cache.clear()
        for threshold, rows in LARGE.items() if is_large else ():
            patch.setattr(f"roster.reads.{threshold}", rows)
            patch.setattr(compiled_list, "_list_queries", LRUCache(100))
        yield
    list_cache.clear()


def complete(key: str, route: Route, options: dict[str, dict[str, str]]) -> list[Item]:
    """The whole list of a route, unfiltered but for what `options` adds to it."""
    answer = ask(key, route.path, pageSize=500, **options.get(route.path, {}))
    assert answer.body["totalPages"] == 1
    items: list[Item] = answer.body["items"]
    return items


def names_asked(whole: Whole, route: Route) -> st.SearchStrategy[list[str]]:
    """Some of the parameters of a route; often few, since many rarely leave anything."""
    withheld = whole.withheld.get(route.path, set())
    names = [name for name in route.parameters if name not in withheld]
    return st.lists(st.sampled_from(names), unique=True, min_size=1, max_size=4)


def spellings(text: str) -> st.SearchStrategy[str]:
    """The same name as others may write it, and something near it."""
    near = [text, text.upper(), text.lower(), text.title(), folded(text), text[:-1], f"{text}s", f" {text}"]
    return st.sampled_from([one for one in near if one.strip()] or ["nobody"])


def value_like(route: Route, name: str, item: Item) -> st.SearchStrategy[str]:
    """A value for a parameter that this item matches, or just does not."""
    field = route.parameters[name]
    if isinstance(field, FlagParameter):
        return st.sampled_from(["true", "false", "1", "0", "TRUE", "False"])
    if isinstance(field, ChoiceField):
        return st.sampled_from([*field.labels, *map(str.upper, field.labels)])
    read = [value for one in parameters(TODAY)[route.path][name].reads for value in values_in(item[one])]
    if isinstance(field, InstantField):
        moved = st.sampled_from([0, 0, 1, -1, DAY, -DAY, DAY // 2, 400 * DAY, -400 * DAY])
        return st.tuples(st.sampled_from(read or [TODAY]), moved).map(lambda pair: str(int(pair[0]) + pair[1]))
    if isinstance(field, WholeNumberField):
        return st.one_of(st.sampled_from(read).map(str), st.integers(0, 500).map(str))
    part = st.sampled_from(read or ["nothing"]).flatmap(lambda value: spellings(str(value)))
    inner = st.tuples(part, st.integers(0, 8), st.integers(1, 12)).map(lambda cut: cut[0][cut[1] : cut[1] + cut[2]])
    return part if name != "name" else st.one_of(part, inner.filter(lambda text: bool(text.strip())))


def values_in(printed: Any) -> list[Any]:
    """The values of a printed field: of a list of categories all of theirs, of a wrapped text the text."""
    if isinstance(printed, list):
        return [value for one in printed for value in one.values()]
    return [] if printed is None else [text_of(printed) if isinstance(printed, dict) else printed]


@st.composite
def questions(draw: st.DrawFn, whole: Whole, route: Route) -> dict[str, str]:
    """A random combination of parameters, whose values are mostly those of one item."""
    items = whole.items[route.path]
    item = draw(st.sampled_from(items))
    return {
        name: draw(value_like(route, name, item if draw(st.integers(0, 4)) else draw(st.sampled_from(items))))
        for name in draw(names_asked(whole, route))
    }


def by_hand(whole: Whole, route: Route, asked: dict[str, str]) -> list[Item]:
    """The complete list; a reflection is included where it is requested."""
    wanted = filtered(route.path, whole.items[route.path], asked, TODAY)
    if route.path == "/api/memberships" and asked.get("includeReflections", "0").lower() not in {"1", "true"}:
        return [{**item, "reflection": ""} for item in wanted]
    return wanted


@pytest.mark.parametrize("route", LISTS, ids=str)
@pytest.mark.parametrize("audience", ["staff", "campus"])
@given(data=st.data(), size=st.integers(1, 60), is_large=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_filters_as_one_does_by_hand(
    db: None, wholes: dict[str, Whole], audience: str, route: Route, data: st.DataObject, size: int, is_large: bool
) -> None:
    whole = wholes[audience]
    asked = data.draw(questions(whole, route))
    wanted = by_hand(whole, route, asked)
    total = math.ceil(len(wanted) / size)
    pages = data.draw(st.lists(st.integers(1, total + 1), max_size=3))
    with scale(is_large):
        answer = ask(whole.key, route.path, pageSize=500, **asked)
        assert answer.body["items"] == wanted
        assert answer.body["totalItems"] == len(wanted)
        for page in pages:
            one = ask(whole.key, route.path, page=page, pageSize=size, **asked)
            assert one.body["items"] == wanted[(page - 1) * size : page * size]
            assert (one.body["totalItems"], one.body["totalPages"]) == (len(wanted), total)


@pytest.mark.parametrize("route", LISTS, ids=str)
@pytest.mark.parametrize("audience", ["staff", "campus"])
@given(data=st.data(), is_large=st.booleans())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_walks_by_page_and_by_cursor_make_up_the_list(
    db: None, wholes: dict[str, Whole], audience: str, route: Route, data: st.DataObject, is_large: bool
) -> None:
    whole = wholes[audience]
    asked = data.draw(questions(whole, route))
    wanted = by_hand(whole, route, asked)
    size = data.draw(st.integers(len(wanted) // 6 + 1, len(wanted) // 2 + 2))
    with scale(is_large):
        for walk in (pages_by_number, pages_by_link):
            pages = walk(whole.key, route.path, size, **asked)
            assert [item for page in pages for item in page.body["items"]] == wanted


@pytest.mark.parametrize("audience", ["staff", "campus"])
def test_the_complete_lists_are_in_the_order_of_the_wire(db: None, wholes: dict[str, Whole], audience: str) -> None:
    def key_of(*names: str) -> Any:
        return lambda item: [
            folded(text_of(item[name])).encode() if not name.endswith("Id") else item[name] for name in names
        ]

    orders = {
        "/api/memberships": key_of("organizationName", "organizationId", "positionName", "positionId", "membershipId"),
        "/api/organizations": key_of("name", "organizationId"),
        "/api/positions": key_of("organizationName", "organizationId", "positionName", "positionId"),
        "/api/users": key_of("lastName", "firstName", "userId"),
    }
    for path, items in wholes[audience].items.items():
        assert items == sorted(items, key=orders[path])


def test_the_campus_has_what_makes_filters_hard(db: None, wholes: dict[str, Whole]) -> None:
    items = wholes["staff"].items
    organizations = [folded(item["name"]) for item in items["/api/organizations"]]

    assert len(organizations) > len(set(organizations))
    assert any(item["name"].isascii() is False for item in items["/api/organizations"])
    assert {(it["userShownOnCampusRoster"], it["userShownOnPublicRoster"]) for it in items["/api/memberships"]} == {
        (True, True),
        (True, False),
        (False, True),
        (False, False),
    }
    assert any(item["deleted"] for item in items["/api/memberships"])
    assert any(item["reflection"] for item in items["/api/memberships"])
    assert any(item["isConfidential"] for item in items["/api/users"])
    assert any(item["directoryVisibility"] == "Hidden" for item in items["/api/organizations"])
