"""PostgreSQL opens the list of memberships from indexes: it sorts no long list, and walks through none for a few."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext

from memberships.models import Membership
from organizations.models import Organization, Position
from roster.models import User
from tests.pages import opened, signed_in

pytestmark = pytest.mark.django_db

TABLE = "memberships_membership"
PAGE = 50
SCANS = {"Seq Scan", "Parallel Seq Scan"}


@pytest.fixture(scope="module", autouse=True)
def _campus(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A campus that is committed, vacuumed and analyzed, as a real one is."""
    with django_db_blocker.unblock():
        call_command("generate_campus", users=3_000, organizations=300, memberships=30_000, seed=7, verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr("roster.admin.paging.MAX_COUNTED", 1_000)  # as much shorter as the campus is smaller
    return signed_in(User.objects.create_superuser("root"))


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def plans_of(client: Client, **parameters: Any) -> list[dict[str, Any]]:
    """The nodes of the plans of all statements about memberships for one page of the list, run for real."""
    with CaptureQueriesContext(connection) as queries:
        assert opened(client, Membership, **parameters).status == 200
    statements = [query["sql"] for query in queries if TABLE in query["sql"]]
    assert statements, "no memberships were read"
    with connection.cursor() as settings:  # a small table is rather read by the block, a large one is not
        settings.execute("SET LOCAL enable_bitmapscan = off")
    plain: Any = psycopg.Cursor(connection.connection)
    plans = [plain.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}").fetchall()[0][0] for sql in statements]
    return [node for (plan,) in plans for node in nodes(plan["Plan"])]


@pytest.mark.parametrize("order", ["", "1", "-1", "3", "-3", "4", "-2"])
def test_everything_is_walked_in_an_order_that_an_index_keeps(client: Client, order: str) -> None:
    found = plans_of(client, o=order)

    sorted_rows = [node["Plans"][0]["Actual Rows"] for node in found if "Sort" in node["Node Type"]]
    assert all(rows <= 20 * PAGE for rows in sorted_rows), sorted_rows


def busiest_user() -> Any:
    return User.objects.annotate(held=Count("memberships")).order_by("-held")[0]


def an_organization_of_some_members() -> Any:
    sizes = Organization.objects.annotate(size=Count("positions__memberships"))
    return sizes.filter(size__lt=500).order_by("-size")[0]


def a_position_of_some_holders() -> Any:
    return Position.objects.annotate(size=Count("memberships")).filter(size__lt=100).order_by("-size")[0]


NARROW: dict[str, Any] = {
    "searched by username": lambda: {"q": busiest_user().username},
    "of a person": lambda: {"user": busiest_user().pk},
    "of an organization": lambda: {"organization": an_organization_of_some_members().pk},
    "of a position": lambda: {"position": a_position_of_some_holders().pk},
}


@pytest.mark.parametrize("order", ["", "4"])
@pytest.mark.parametrize("call", NARROW.values(), ids=NARROW)
def test_a_narrow_list_is_found_by_an_index(client: Client, call: Any, order: str) -> None:
    found = plans_of(client, o=order, **call())

    assert not [node for node in found if node.get("Relation Name") == TABLE and node["Node Type"] in SCANS]
