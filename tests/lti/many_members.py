"""Large organizations, written in bulk."""

from typing import Any

from django.db import connection
from django.db.models import Model

from memberships.models import Membership
from organizations.models import Position
from roster.models import User


def join(position: Position, number: int, *, first: int = 0, **fields: Any) -> list[User]:
    """New people who hold a position since September 2024, on the campus roster only."""
    names = [f"player{n:05d}" for n in range(first, first + number)]
    people: list[User] = User.objects.bulk_create(
        [User(username=name, username_folded=name, first_name="Player", last_name=name) for name in names],
        batch_size=5000,
    )
    usual = {"recorded_start": "2024-09-01", "shown_on_campus": True, "shown_on_public": False}
    memberships = [Membership(user=person, position=position, **{**usual, **fields}) for person in people]
    Membership.objects.bulk_create(memberships, batch_size=5000)
    return people


def join_by_the_thousand(position: Position, number: int) -> None:
    """As `join`, by a statement for the people and one for their memberships (PostgreSQL only)."""
    (first,) = join(position, 1, first=99_999)
    membership = Membership.objects.get(user=first)
    multiply(
        first,
        f"generate_series(1, {number - 1}) AS number",
        username="'city' || number",
        username_folded="'city' || number",
    )
    multiply(membership, f"{User._meta.db_table} AS people WHERE username LIKE 'city%%'", user_id="people.id")


def multiply(row: Model, source: str, **columns: str) -> None:
    """Copy a row once for each row of a source of SQL, with these columns made of that."""
    table = row._meta.db_table
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = [columns.get(name, f"copied.{name}") for name in names]
    copied = f"(SELECT * FROM {table} WHERE id = %s) AS copied"  # noqa: S608 (names of our own)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)}) "  # noqa: S608 (names of our own)
            f"SELECT {', '.join(values)} FROM {copied}, {source}",
            [row.pk],
        )
