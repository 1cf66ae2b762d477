"""The API answers over a generated campus, page after page."""

from typing import Any

import pytest

from memberships.models import Membership
from memberships.synthetic.generator import CampusSpec
from organizations.models import Organization, Position
from roster.models import ApiKey, User
from roster.privacy import STAFF
from tests.client import ask

pytestmark = pytest.mark.both_databases


@pytest.fixture
def staff_key(campus: CampusSpec) -> str:
    return ApiKey.create_bearer("Portal", audience="staff", may_read_reflections=True, rate=10_000)[1]


@pytest.mark.parametrize(
    "path, model",
    [("memberships", Membership), ("organizations", Organization), ("positions", Position), ("users", User)],
)
def test_every_list_holds_all_rows_once_in_order(staff_key: str, path: str, model: Any) -> None:
    ids: list[int] = []
    page = 1
    while items := ask(staff_key, f"/api/{path}", page=page, pageSize=500).ids:
        ids += items
        page += 1

    rows = model.objects.visible_to(STAFF)
    if model is Membership:
        rows = rows.not_deleted()
    assert ids == list(rows.in_wire_order(STAFF).values_list("pk", flat=True))


def test_deleted_memberships_and_reflections_are_printed_when_asked_for(staff_key: str) -> None:
    deleted = Membership.objects.exclude(deleted_at=None).exclude(reflection=None).order_by("pk")[0]

    body = ask(staff_key, f"/api/memberships/{deleted.pk}", IncludeDeletes="true", includeReflections="true").body

    assert body["deleted"] is True
    assert body["reflection"] == deleted.reflection.text
    assert body["userFirstName"] == deleted.user.known_as
