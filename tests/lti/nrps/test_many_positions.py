"""Seven members cost the same in six positions and in five thousand: statements of one size, and as little work."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from lti.models import Deployment, Tool
from lti.nrps import differences
from organizations.models import Position
from tests.lti.many_members import join, multiply
from tests.lti.nrps.test_large_organizations import work
from tests.lti.nrps.test_query_counts import queries_of
from tests.lti.tools import access_token, ask, links, path_of, user_ids
from tests.sample_data import SampleData

SIZES = (6, 50, 500, 5000)

SLACK = 100
"""Rows by which plans differ for tables of different sizes."""

CALLS: dict[str, dict[str, Any]] = {
    "the roster": {},
    "a page of it": {"limit": 3},
    "a role": {"role": "Member"},
    "a role of nobody": {"role": "Learner"},
}


def add_positions(sample: SampleData, number: int) -> None:
    """As many positions in the chess club, of which two are held."""
    missing = number - Position.objects.filter(organization=sample.chess_club).count()
    usual = {"organization": sample.chess_club, "template": sample.member_kind, "type": sample.chess_member.type}
    new = [Position(name=f"Seat {n}", name_folded=f"seat {n}", order_key=f"seat {n}", **usual) for n in range(missing)]
    Position.objects.bulk_create(new, batch_size=1000)


@pytest.mark.both_databases
def test_statements_are_of_one_size_and_number(sample: SampleData, poll: Tool) -> None:
    join(sample.chess_member, 5)
    token, path = access_token(poll), path_of(sample.chess_club)
    since = links(ask(token, path))["differences"]
    asked = [partial(ask, token, path, **call) for call in CALLS.values()] + [partial(ask, token, since)]
    sizes, answers = set(), []
    for size in SIZES[:3]:
        add_positions(sample, size)
        sizes.add(tuple(len(query) for call in asked for query in queries_of(call)))
        answers.append([user_ids(call()) for call in asked])

    assert len(sizes) == 1
    assert len(answers[0][0]) == 7
    assert answers == [answers[0]] * len(answers)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.usefixtures("_no_block_reads")
def test_the_database_does_as_little(sample: SampleData, poll: Tool, call: str) -> None:
    join(sample.chess_member, 5)
    token, path = access_token(poll), path_of(sample.chess_club)
    ask(token, path)

    done = [measured(sample, size, partial(ask, token, path, **CALLS[call])) for size in SIZES]

    assert max(done) <= min(done) * 1.5 + SLACK


@pytest.mark.parametrize("many", [differences.MAX_CHANGED, -1])
@pytest.mark.usefixtures("_no_block_reads")
def test_the_database_does_as_little_for_differences(
    sample: SampleData, poll: Tool, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "MAX_CHANGED", many)
    join(sample.chess_member, 5)
    token, path = access_token(poll), path_of(sample.chess_club)
    for model in (Tool, Deployment, Position):
        model.objects.update(modified_at="2025-01-01T00:00Z")
    since = links(ask(token, path))["differences"]

    done = [measured(sample, size, partial(ask, token, since)) for size in SIZES]

    assert max(done) <= min(done) * 1.5 + SLACK


@pytest.fixture
def _no_block_reads(sample: SampleData) -> None:
    """Small tables are rather read by the block, large ones are not."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")


def measured(sample: SampleData, size: int, call: Any) -> float:
    """The rows that the database reads when as many positions are there, written long ago and by one statement."""
    number = Position.objects.filter(organization=sample.chess_club).count()
    multiply(
        sample.chess_member,
        f"generate_series({number + 1}, {size}) AS number",
        name="'Seat ' || number",
        name_folded="'seat ' || number",
        order_key="'seat ' || number",
        modified_at="TIMESTAMPTZ '2025-01-01'",
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows, _ = work(queries_of(call))  # the blocks depend on what tests before have left behind
    return rows
