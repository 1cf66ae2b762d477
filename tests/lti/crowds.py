"""Large organizations, written in bulk."""

from typing import Any

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
