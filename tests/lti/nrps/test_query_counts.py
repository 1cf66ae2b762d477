"""A page of a roster takes the same queries, whatever the size of the organization and however deep the page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lti.models import Tool
from tests.lti.many_members import join
from tests.lti.tools import access_token, ask, links, path_of
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

QUERIES = [
    "lti_accesstoken",  # the token, with its tool
    "lti_context",  # the context, with its organization, if the tool sees it
    "lti_deployment",  # the deployment that covers it
    "walk",  # the people of the page
    "memberships_membership",  # their memberships, with the people and the positions
    "lti_disclosed",  # what the tool was told of them before
]
"""A word of each query of a page, in order. The first time that something is told, one more notes it."""


def queries_of(call: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        call()
    return [query["sql"] or "" for query in captured.captured_queries]  # a prepared one has no text


@pytest.mark.parametrize("size", [2, 502])
def test_a_page_takes_six_queries_at_any_size(sample: SampleData, poll: Tool, size: int) -> None:
    join(sample.chess_member, size - 2)
    token, path = access_token(poll), path_of(sample.chess_club)
    ask(token, path, limit=500)

    queries = queries_of(lambda: ask(token, path, limit=500))

    assert len(queries) == len(QUERIES)
    assert [word for word, sql in zip(QUERIES, queries, strict=True) if word not in sql] == []


def test_a_page_by_role_and_a_deep_page_take_no_more(sample: SampleData, poll: Tool) -> None:
    join(sample.chess_member, 500)
    token, path = access_token(poll), path_of(sample.chess_club)
    second = links(ask(token, path, limit=400))["next"]
    ask(token, second)

    assert (
        len(queries_of(lambda: ask(token, path, limit=10, role="Member"))) == len(QUERIES) + 1
    )  # what roles there are
    assert len(queries_of(lambda: ask(token, second))) == len(QUERIES)


def test_telling_of_new_people_takes_one_more(sample: SampleData, poll: Tool) -> None:
    token, path = access_token(poll), path_of(sample.chess_club)

    first = queries_of(lambda: ask(token, path))

    assert [sql for sql in first if sql.startswith("INSERT")] == [first[-1]]
    assert len(first) == len(QUERIES) + 1
