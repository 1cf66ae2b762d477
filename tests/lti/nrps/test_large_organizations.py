"""Of 50 thousand members, any page takes the same queries and as little work: the first, the middle, the last."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django.plugin import DjangoDbBlocker

from lti.models import Context, Disclosed, ResourceLink, Tool
from lti.nrps.page_tokens import PageToken, url
from lti.nrps.roster import Roster
from roster import days
from tests.client import Answer
from tests.lti.ltik.ltik_api import key_of, launch_of, ltik_of, request_with_ltik
from tests.lti.many_members import join_by_the_thousand, multiply
from tests.lti.nrps.test_query_counts import queries_of
from tests.lti.tools import MEMBER, access_token, ask, deploy, make_tool
from tests.sample_data import SampleData

SIZE, PAGE = 50_000, 100
PLACES = {"first": 0, "middle": SIZE // 2, "last": SIZE - PAGE}

MOST_ROWS, MOST_BLOCKS = 50 * PAGE, 30 * PAGE
"""What PostgreSQL may touch for a page: a few rows and blocks for each member, and nothing that grows with SIZE."""


@dataclass(frozen=True)
class City:
    """An organization of 50 thousand members, all of whom a tool was told of, and its launch from there."""

    tool: Tool
    context: Context
    link: ResourceLink
    people: list[int]
    token: str
    key: str
    ltik: str

    def url(self, place: str, **asked: Any) -> str:
        """The link to a page that begins at a place."""
        after = ([0] + self.people)[PLACES[place]]
        return url(PageToken(begun=1, after=after, **asked), self.tool, self.context)


@pytest.fixture(scope="module")
def city_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    """Written once and taken back after the last test."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        city = built(SampleData())
    yield city
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def city(city_of_the_module: City, db: None) -> City:
    return city_of_the_module


def built(sample: SampleData) -> City:
    organization = sample.chess_club
    join_by_the_thousand(sample.chess_member, SIZE - 2)  # two are in it already
    tool = make_tool()
    deployment = deploy(tool)
    launch = launch_of(sample.amara, organization, deployment)
    link, context = launch.resource_link, launch.resource_link.context
    people = Roster(tool, deployment, context, days.today()).people(after=0, limit=SIZE + 1)
    assert len(people) == SIZE
    disclosed = Disclosed.objects.create(tool=tool, context=context, user_id=people[0])
    multiply(disclosed, f"unnest(ARRAY{people[1:]}) AS person", user_id="person")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return City(tool, context, link, people, access_token(tool), key_of(tool), ltik_of(launch))


CALLS: dict[str, Callable[[City, str], Answer]] = {
    "a page": lambda city, place: ask(city.token, city.url(place)),
    "a page of a role": lambda city, place: ask(city.token, city.url(place, role=MEMBER.lower())),
    "a page of a resource link": lambda city, place: ask(city.token, city.url(place, rlid=str(city.link.uuid))),
    "a page of differences, where all changed": lambda city, place: ask(city.token, city.url(place, since=0)),
    "a page at the ltik door": lambda city, place: request_with_ltik(city.ltik, city.key, url=city.url(place)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_page_takes_the_same_queries_and_as_little_work(city: City, call: Any) -> None:
    with connection.cursor() as settings:  # a small table is rather read by the block, a large one is not
        settings.execute("SET LOCAL enable_bitmapscan = off")
    counts = set()
    for place, number in PLACES.items():
        answer = call(city, place)
        queries = queries_of(partial(call, city, place))
        rows, blocks = work(queries)

        expected = [city.tool.subject_of(user_id) for user_id in city.people[number : number + PAGE]]
        assert [row["user_id"] for row in answer.body["members"]] == expected
        assert rows < MOST_ROWS, place
        assert blocks < MOST_BLOCKS, place
        counts.add(len(queries))
    assert len(counts) == 1


def work(queries: list[str]) -> tuple[float, int]:
    """Rows that PostgreSQL reads from tables to answer all these again, and blocks that it touches."""
    rows, blocks = 0.0, 0
    with connection.cursor() as cursor:
        for query in queries:
            if query.startswith("SELECT"):
                cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query}")
                ((plan,),) = cursor.fetchall()
                top = plan[0]["Plan"]
                blocks += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
                rows += sum(rows_of(node) for node in nodes(top) if "Relation Name" in node)
    return rows, blocks


def rows_of(node: dict[str, Any]) -> float:
    return float((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(inner for child in plan.get("Plans", ()) for inner in nodes(child))]
