"""A list asks the database as often for 500 rows as for 2."""

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from memberships.models import Membership, Reflection
from organizations.models import (
    Category,
    CustomField,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from organizations.roster_order import order_key
from roster.models import User
from roster.reads import list_cache
from tests.client import ask
from tests.sample_data import CREATED, key

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

KEY = {
    "postgresql": ["the key, counted against its rate in the same statement"],
    "sqlite": ["the key (its use is counted in a file of its own)"],
}
"""What every request with a key asks."""

LAST_CHANGE: dict[str, list[str]] = {
    "postgresql": [],
    "sqlite": ["the time of changes (elsewhere it came with the key)"],
}
"""What every list asks before it reads anything, because what it finds out may be remembered."""

LISTS = {
    "/api/memberships": [
        "the rows of the page, with organization, position, kinds and person",
    ],
    "/api/organizations": [
        "the rows of the page, with type, parent and primary contact",
        "the categories of all of them",
        "the custom fields of all of them",
    ],
    "/api/positions": [
        "the rows of the page, with organization, template and type",
    ],
    "/api/users": [
        "the rows of the page",
    ],
}
"""What each list asks besides, for a page that is not full, so that its total needs no counting."""

TOTAL = ["how many rows there are"]
"""What a full page asks besides, when its process remembers no total."""


def of_key() -> int:
    return len(KEY[connection.vendor])


def of_list(path: str) -> int:
    return of_key() + len(LAST_CHANGE[connection.vendor]) + len(LISTS[path])


def write(size: int) -> None:
    """A campus of so many organizations, each with a parent, a contact, a category, a custom field and one member."""
    kind, category = OrganizationType.objects.create(name="Club"), Category.objects.create(name="Arts")
    member = PositionType.objects.create(name="Member")
    template = PositionTemplate.objects.create(name="Member", default_type=member)
    numbers = range(size)
    people = User.objects.bulk_create(User(username=f"user.{n:03}", first_name="A", last_name="B") for n in numbers)
    umbrella = Organization.objects.create(name="A", directory_visibility="hidden")
    made = Organization.objects.bulk_create(
        Organization(name=f"Club {n:03}", type=kind, parent=umbrella, primary_contact=people[n]) for n in numbers
    )
    Organization.categories.through.objects.bulk_create(
        Organization.categories.through(organization=each, category=category) for each in made
    )
    CustomField.objects.bulk_create(CustomField(organization=each, name="Days", is_public=True) for each in made)
    positions = Position.objects.bulk_create(
        Position(
            organization=each,
            template=template,
            type=member,
            name="Member",
            order_key=order_key(each.name_folded, each.pk, "Member"),
        )
        for each in made
    )
    Membership.objects.bulk_create(
        Membership(
            user=person, position=position, recorded_start=CREATED.date(), shown_on_campus=True, shown_on_public=True
        )
        for person, position in zip(people, positions, strict=True)
    )


def queries(credential: str, path: str, **asked: Any) -> int:
    """The number of database queries of this request, after the process has compiled its query."""
    ask(credential, path, **asked)
    list_cache.clear()
    with CaptureQueriesContext(connection) as captured:
        answer = ask(credential, path, **asked)
    assert answer.status == 200
    assert len(answer.ids) == min(asked["pageSize"], answer.body["totalItems"])
    return len(captured)


@pytest.mark.parametrize("size", [2, 499])
def test_a_list_asks_as_often_whatever_its_size(size: int, subtests: pytest.Subtests) -> None:
    write(size)
    for path, audience in product(LISTS, ["staff", "campus", "public"]):
        if (path, audience) == ("/api/users", "public"):
            continue  # closed
        credential = key(audience)
        with subtests.test(path=path, audience=audience):
            assert queries(credential, path, pageSize=500) == of_list(path)
            assert queries(credential, path, pageSize=1) == of_list(path) + len(TOTAL)


@pytest.mark.parametrize("size", [2, 499])
def test_reflections_and_limited_keys_cost_no_query_more(size: int, subtests: pytest.Subtests) -> None:
    write(size)
    for membership in Membership.objects.all()[:50]:
        Reflection.objects.write(membership, "Yes.")
    credential = key("staff", may_read_reflections=True)

    asked = {"pageSize": 500, "includeReflections": "true", "IncludeDeletes": "true"}
    with subtests.test("reflections"):
        assert queries(credential, "/api/memberships", **asked) == of_list("/api/memberships")

    for audience in ("staff", "campus"):
        limited = key(audience, to=list(Organization.objects.all()[:50]))
        for path in LISTS:
            with subtests.test("a limited key", path=path, audience=audience):
                assert queries(limited, path, pageSize=500) == of_list(path)


def test_one_item_asks_as_often_as_a_list_of_them(subtests: pytest.Subtests) -> None:
    write(2)
    credential = key("staff")
    for path, needed in LISTS.items():
        with subtests.test(path=path):
            item = f"{path}/{ask(credential, path).ids[-1]}"
            ask(credential, item)
            with CaptureQueriesContext(connection) as captured:
                assert ask(credential, item).status == 200

            assert len(captured) <= of_key() + len(needed)
