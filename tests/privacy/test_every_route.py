"""Every route with every audience: no row, field, count or order discloses what the audience may not read."""

import base64
import re
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import get_resolver

from roster.models import User
from tests.client import Answer, ask
from tests.privacy import oracle
from tests.privacy.campus import Campus
from tests.privacy.conftest import AUDIENCES, Audience, Stage
from tests.privacy.oracle import Asker, Expected
from tests.schema.test_routes import OF_LTI
from tests.wire.routes import LISTS, ROUTES, Route, patterns
from tests.wire.walking import cursor_of, next_path

TOKEN = re.compile(rb"qz[0-9]{3}[a-z]{2}")

OUTSIDE_THE_ADMIN = ["signed-in person", "confidential signed-in person", "signed-in member of a club"]
every_audience = pytest.mark.parametrize("audience", AUDIENCES, indirect=True)
every_list = pytest.mark.parametrize("route", LISTS, ids=str)


def expected(asker: Asker, campus: Campus, path: str, **options: bool) -> list[Expected]:
    """The items that are disclosed to an audience that requests everything it may read."""
    lists: dict[str, Callable[[], Any]] = {
        "/api/memberships": lambda: oracle.memberships(
            asker, campus, deleted=options.get("deleted", False), reflections=options.get("reflections", False)
        ),
        "/api/organizations": lambda: oracle.organizations(asker, campus),
        "/api/positions": lambda: oracle.positions(asker, campus),
        "/api/users": lambda: oracle.users(asker, campus),
    }
    return list(lists[path]())


def tokens(disclosed: Any) -> set[str]:
    """The tokens of the campus in disclosed content."""
    return {
        found.decode()
        for found in TOKEN.findall(disclosed if isinstance(disclosed, bytes) else orjson.dumps(disclosed))
    }


def assert_tells(items: list[dict[str, Any]], wanted: list[Expected], asker: Asker) -> None:
    """The items are these, in this order, and hold neither more nor less than they may."""
    assert [next(iter(item.values())) for item in items] == [one.id for one in wanted]
    for item, one in zip(items, wanted, strict=True):
        values = {name: item.get(name) for name in one.values}
        unwrapped = {name: value["value"] if isinstance(value, dict) else value for name, value in values.items()}
        if one.id == asker.me:
            unwrapped.pop("lastLogin", None)  # signing in for this test moved it
        assert unwrapped == {name: one.values[name] for name in unwrapped}
        assert tokens(item) == one.tokens


def assert_headers_tell_nothing(answer: Answer, disclosed: set[str]) -> None:
    """The link to the next page holds no more than the page, its cursor decoded."""
    headers = str(dict(answer.headers)).encode()
    if next_path(answer):
        cursor = cursor_of(answer)
        headers += base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert tokens(headers) <= disclosed


def ids_here_and_there(campus: Campus, route: Route) -> list[int]:
    """Ids of rows of every kind, for every audience to ask for."""
    return {
        "/api/memberships": [holding.id for holding in campus.holdings[::3]],
        "/api/organizations": [row.id for row in campus.organizations[::5]],
        "/api/positions": [row.position_id for row in campus.organizations[::7]],
        "/api/users": [person.id for person in campus.people[::3]],
    }[route.path]


def is_closed(route: Route, asker: Asker) -> bool:
    return route.path.startswith("/api/users") and asker.level == "public"


@pytest.mark.both_databases
@every_audience
@every_list
def test_a_list_tells_exactly_what_the_audience_may_know(campus: Campus, audience: Audience, route: Route) -> None:
    answer = audience.ask(route.path, pageSize=500)
    if is_closed(route, audience.asker):
        assert (answer.status, tokens(answer.body)) == (403, set())
        return
    wanted = expected(audience.asker, campus, route.path)

    assert_tells(answer.body["items"], wanted, audience.asker)
    assert (answer.body["totalItems"], answer.body["totalPages"]) == (len(wanted), 1 if wanted else 0)
    assert_headers_tell_nothing(answer, tokens(answer.body))


@every_audience
def test_deleted_memberships_and_reflections_are_disclosed_to_authorized_callers(
    campus: Campus, audience: Audience
) -> None:
    asked = {"IncludeDeletes": "true" if audience.asker.is_staff else "false", "includeReflections": "true"}
    answer = audience.ask("/api/memberships", pageSize=500, **asked)
    wanted = expected(audience.asker, campus, "/api/memberships", deleted=True, reflections=True)

    assert_tells(answer.body["items"], wanted, audience.asker)
    assert answer.body["totalItems"] == len(wanted)


@every_audience
def test_deleted_memberships_are_refused_to_those_who_may_not(campus: Campus, audience: Audience) -> None:
    status = 200 if audience.asker.is_staff else 403

    assert audience.ask("/api/memberships", IncludeDeletes="true").status == status
    assert audience.ask(f"/api/memberships/{campus.holdings[-1].id}", IncludeDeletes="true").status == status


@every_audience
@every_list
def test_a_withheld_field_keeps_its_key_with_an_empty_value(campus: Campus, audience: Audience, route: Route) -> None:
    if is_closed(route, audience.asker):
        return
    withheld = oracle.WITHHELD_FROM[route.path][audience.asker.level]
    empty: tuple[Any, ...] = ("", None, [], {"value": "", "lastModified": None})
    for item in audience.ask(route.path, pageSize=500).body["items"]:
        assert [name for name in withheld if name not in item or item[name] not in empty] == []
        assert ("isConfidential" in item) is (route.path == "/api/users" and audience.asker.is_staff)


@every_audience
@every_list
def test_pages_tell_no_more_than_the_list(campus: Campus, audience: Audience, route: Route) -> None:
    if is_closed(route, audience.asker):
        return
    wanted = expected(audience.asker, campus, route.path)
    disclosed: list[dict[str, Any]] = []
    answer = audience.ask(route.path, pageSize=11)
    while True:
        disclosed += answer.body["items"]
        assert answer.body["totalItems"] == len(wanted)
        assert answer.body["totalPages"] == -(-len(wanted) // 11)
        assert_headers_tell_nothing(answer, tokens(answer.body))
        goes_on = next_path(answer)
        if goes_on is None:
            break
        answer = audience.ask(goes_on)

    assert_tells(disclosed, wanted, audience.asker)


@every_audience
@every_list
def test_a_page_past_the_end_counts_no_more_than_the_list(campus: Campus, audience: Audience, route: Route) -> None:
    if not is_closed(route, audience.asker):
        answer = audience.ask(route.path, page=1000)
        assert answer.body["totalItems"] == len(expected(audience.asker, campus, route.path))


@every_audience
@every_list
def test_the_cursor_of_staff_opens_nothing_to_others(
    campus: Campus, audience: Audience, stage: Stage, route: Route
) -> None:
    if is_closed(route, audience.asker):
        return
    staff = stage.audiences["staff key"]
    wanted = {one.id: one for one in expected(audience.asker, campus, route.path)}
    for number in (1, 3, 10, 30):
        cursor = cursor_of(staff.ask(route.path, pageSize=number))
        answer = audience.ask(route.path, cursor=cursor)
        assert set(answer.ids) <= wanted.keys()
        assert_tells(answer.body["items"], [wanted[pk] for pk in answer.ids], audience.asker)
        assert answer.body["totalItems"] == len(wanted)


@every_audience
@every_list
def test_an_item_is_disclosed_or_404_like_a_missing_one(campus: Campus, audience: Audience, route: Route) -> None:
    closed = is_closed(route, audience.asker)
    wanted = {} if closed else {one.id: one for one in expected(audience.asker, campus, route.path)}
    unknown = audience.ask(f"{route.path}/{2**31 - 1}")
    for pk in ids_here_and_there(campus, route):
        answer = audience.ask(f"{route.path}/{pk}")
        if pk in wanted:
            assert_tells([answer.body], [wanted[pk]], audience.asker)
        else:
            assert answer.status == unknown.status == (403 if closed else 404)
            assert {**answer.body, "requestId": ""} == {**unknown.body, "requestId": ""}


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_an_anonymous_caller_receives_nothing_unless_the_public_audience_is_open(campus: Campus, route: Route) -> None:
    for path in {route.of(campus.holdings[0].id), route.of(2**31 - 1)}:
        answer = ask(None, path)
        assert (answer.status, tokens(answer.body)) == (401, set())


@every_audience
def test_what_is_not_about_the_campus_tells_nothing_of_it(
    campus: Campus, audience: Audience, subtests: pytest.Subtests
) -> None:
    headers = {"Authorization": f"Bearer {audience.credential}"} if isinstance(audience.credential, str) else {}
    for path in ("/", "/api/", "/api/test", "/api/schema", "/api/docs", "/api/nothing", "/healthz", "/readyz"):
        with subtests.test(path=path):
            assert tokens(Client().get(path, headers=headers).content) == set()


def test_every_route_is_known_here() -> None:
    """A new route is tested above, or is listed with the test which proves that it discloses nothing else."""
    walked = {f"{route.path}/".replace("{id}", "(?P<pk>[^/.]+)") for route in ROUTES}
    of_no_audience = {"/", "/api/", "/api/schema/", "/api/docs/"}  # tried above
    proved_elsewhere = ("/admin/", "/lti/", "/.well-known/", *OF_LTI)  # tests/roster/admin, tests/lti
    paths = [path for path, _ in patterns(get_resolver())]

    assert walked <= set(paths)
    assert [
        path for path in paths if path not in walked | of_no_audience and not path.startswith(proved_elsewhere)
    ] == []


@pytest.mark.parametrize("audience", OUTSIDE_THE_ADMIN, indirect=True)
def test_the_admin_tells_nothing_to_those_who_may_not_use_it(campus: Campus, audience: Audience) -> None:
    client = Client()
    assert isinstance(audience.credential, User)
    client.force_login(audience.credential)
    for path in (path for path, _ in patterns(get_resolver()) if path.startswith("/admin/") and "<" not in path):
        disclosed = client.get(path.replace("(?P<url>.*)", "x")).content
        assert tokens(disclosed) <= {audience.credential.username}, path
