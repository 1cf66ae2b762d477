"""A page of a roster costs the same, whatever the size of the organization and however deep the page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti.models import Context, Tool
from lti.nrps.roster import Roster
from roster import days
from tests.cast import Cast
from tests.lti.crowds import join
from tests.lti.tools import access_token, ask, links, path_of

QUERIES = [
    "lti_accesstoken",  # the token, with its tool
    "lti_context",  # the context, with its organization, if the tool sees it
    "lti_deployment",  # the deployment that covers it
    "organizations_position",  # its positions with their templates: what roles there are
    "UNION ALL",  # the people of the page
    "memberships_membership",  # their memberships, with the people
    "lti_disclosed",  # whom the tool was told of before
]
"""A word of each query of a page, in order. The first time that somebody is told of, one more notes them."""


def queries_of(call: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        call()
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.both_databases
@pytest.mark.parametrize("size", [2, 502])
def test_a_page_takes_seven_queries_at_any_size(cast: Cast, poll: Tool, size: int) -> None:
    join(cast.chess_member, size - 2)
    token, path = access_token(poll), path_of(cast.chess_club)
    ask(token, path, limit=500)

    queries = queries_of(lambda: ask(token, path, limit=500))

    assert len(queries) == len(QUERIES)
    assert [word for word, sql in zip(QUERIES, queries, strict=True) if word not in sql] == []


@pytest.mark.both_databases
def test_a_page_by_role_and_a_deep_page_take_no_more(cast: Cast, poll: Tool) -> None:
    join(cast.chess_member, 500)
    token, path = access_token(poll), path_of(cast.chess_club)
    second = links(ask(token, path, limit=400))["next"]
    ask(token, second)

    assert len(queries_of(lambda: ask(token, path, limit=10, role="Member"))) == len(QUERIES)
    assert len(queries_of(lambda: ask(token, second))) == len(QUERIES)


@pytest.mark.both_databases
def test_telling_of_new_people_takes_one_more(cast: Cast, poll: Tool) -> None:
    token, path = access_token(poll), path_of(cast.chess_club)

    first = queries_of(lambda: ask(token, path))

    assert [sql for sql in first if sql.startswith("INSERT")] == [first[-1]]
    assert len(first) == len(QUERIES) + 1


@pytest.fixture
def city(cast: Cast, poll: Tool) -> Roster:
    """An organization of 50 thousand members, as the tool sees it."""
    join(cast.chess_member, 50_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Roster(poll, poll.deployments.get(), Context.objects.of(cast.chess_club), days.today())


@pytest.mark.parametrize("role", [None, "http://purl.imsglobal.org/vocab/lis/v2/membership#member"])
def test_of_50_thousand_members_a_page_reads_as_many_rows_as_it_has(city: Roster, role: str | None) -> None:
    last = city.people(after=0, limit=60_000, role=role)
    assert len(last) == 50_002

    read = [rows_read(city, after, role) for after in (0, last[25_000], last[49_800])]

    assert max(read) < 10 * 101
    assert max(read) - min(read) < 101


def rows_read(roster: Roster, after: int, role: str | None) -> int:
    """Rows of memberships that PostgreSQL says it read for one page."""
    statement = queries_of(lambda: roster.people(after=after, limit=101, role=role))[-1]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        ((plan,),) = cursor.fetchall()
    return sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(plan[0]["Plan"])
        if node.get("Relation Name") == "memberships_membership"
    )


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(inner for child in plan.get("Plans", ()) for inner in nodes(child))]
