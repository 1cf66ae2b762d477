"""PostgreSQL answers the main calls from indexes: no walk through all memberships, and no sort of
more than a page from each position of an organization.

A regression of a plan fails here and not only in a benchmark. The campus is small, but its statistics are real, and
what is looked at is the shape of the plan, not a time.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import orjson
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Count

from memberships.models import Membership
from organizations.models import Organization
from roster import days
from roster.api.pagination import Cursor
from roster.models import ApiKey
from roster.reads import raw_cursor, statements
from tests.client import ask

pytestmark = pytest.mark.django_db
PAGE = 100
TABLE = "memberships_membership"


@pytest.fixture(scope="module", autouse=True)
def _campus(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A campus that is committed, vacuumed and analyzed, as a real one is."""
    with django_db_blocker.unblock():
        call_command("generate_campus", users=3_000, organizations=300, memberships=30_000, seed=7, verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)


def plans_of(monkeypatch: pytest.MonkeyPatch, **parameters: Any) -> list[dict[str, Any]]:
    """The nodes of the plans of all statements for one page, run for real."""
    key = ApiKey.create_bearer("planner", audience="campus")[1]
    explained: list[Any] = []
    fetch = raw_cursor.fetch_rows

    def explain(sql: str, values: Any) -> Any:
        if "LIMIT" in sql:
            plain: Any = psycopg.Cursor(connection.connection)
            ((plan,),) = plain.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).fetchall()
            explained.append(plan if isinstance(plan, list) else orjson.loads(plan))
        return fetch(sql, values)

    with connection.cursor() as settings:  # a small table is rather read by the block, a large one is not
        settings.execute("SET LOCAL enable_bitmapscan = off")
    monkeypatch.setattr(statements, "fetch_rows", explain)
    answer = ask(key, "/api/memberships", pageSize=PAGE, **parameters)
    assert answer.status == 200
    assert explained, "nothing was explained"
    return [node for (plan,) in explained for node in nodes(plan["Plan"])]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def largest_organization() -> int:
    sizes = Organization.objects.filter(directory_visibility="visible").annotate(size=Count("positions__memberships"))
    return int(sizes.order_by("-size").values_list("pk", flat=True)[0])


def busiest_user() -> Any:
    people = Membership.objects.filter(user__is_confidential=False)
    counted = people.values("user").annotate(size=Count("pk")).order_by("-size")
    return people.filter(user=counted[0]["user"])[0]


def in_milliseconds(instant: dt.datetime) -> int:
    return days.milliseconds(instant)


def narrow_window() -> int:
    newest = Membership.objects.order_by("-modified_at").values_list("modified_at", flat=True)
    return in_milliseconds(newest[50])


def far_down() -> str:
    """The cursor after most of all memberships in the order of their ids."""
    last = Membership.objects.order_by("-pk").values_list("pk", flat=True)
    return str(Cursor("membership", 200, [last[2_000]]))


CALLS: dict[str, Any] = {
    "an organization": lambda: {"organizationId": largest_organization()},
    "the current members of an organization": lambda: {
        "organizationId": largest_organization(),
        "currentMembershipsOnly": "true",
        "publicPrivacyFilter": "true",
    },
    "a person by id": lambda: {"userId": busiest_user().user_id},
    "a person by name": lambda: {"username": busiest_user().user.username.upper()},
    "everything": dict,
    "everything by membership id": lambda: {"orderBy": "membershipId"},
    "everything by membership id, far down": lambda: {"orderBy": "membershipId", "cursor": far_down()},
    "what was modified lately": lambda: {"ModifiedOnStart": narrow_window()},
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_page_is_read_from_indexes(monkeypatch: pytest.MonkeyPatch, call: Any) -> None:
    found = plans_of(monkeypatch, **call())
    scans = [node["Node Type"] for node in found if node.get("Relation Name") == TABLE]
    assert scans, "no memberships were read"
    assert not [scan for scan in scans if scan in {"Seq Scan", "Parallel Seq Scan"}]
    positions = Organization.objects.get(pk=largest_organization()).positions.count()
    sorted_rows = [node["Plans"][0]["Actual Rows"] for node in found if node["Node Type"] == "Sort"]
    assert all(rows <= (PAGE + 1) * positions for rows in sorted_rows), sorted_rows


def test_an_organization_by_membership_id_is_found_by_its_positions(monkeypatch: pytest.MonkeyPatch) -> None:
    found = plans_of(monkeypatch, organizationId=largest_organization(), orderBy="membershipId")
    scans = [node["Node Type"] for node in found if node.get("Relation Name") == TABLE]
    assert scans
    assert not [scan for scan in scans if scan in {"Seq Scan", "Parallel Seq Scan"}]


@pytest.mark.parametrize("call", ["everything by membership id", "everything by membership id, far down"])
def test_a_walk_by_membership_id_meets_few_rows_besides_its_own(monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    met = [
        node["Actual Rows"] * node["Actual Loops"] + node.get("Rows Removed by Filter", 0)
        for node in plans_of(monkeypatch, **CALLS[call]())
        if node.get("Relation Name") == TABLE
    ]
    assert met
    assert max(met) <= 10 * PAGE, met
