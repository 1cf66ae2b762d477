"""Every change of the roster is noted, whichever way it is written (`roster/changes.py`)."""

from collections.abc import Callable

import pytest

from memberships.models import Membership
from organizations.models import LimitedKey, Position
from roster.models import Change, User
from tests.cast import Cast

pytestmark = pytest.mark.both_databases

Write = Callable[[Cast], object]
WRITES: dict[str, Write] = {
    "a new person": lambda cast: User.objects.create(username="new.person"),
    "a person becomes confidential": lambda cast: User.objects.filter(pk=cast.amara.pk).update(is_confidential=True),
    "an organization is renamed": lambda cast: cast.chess_club.save(),
    "an organization takes a category": lambda cast: cast.chess_club.categories.add(cast.wellness),
    "an organization loses its categories": lambda cast: cast.student_government.categories.clear(),
    "a position is retired": lambda cast: Position.objects.filter(organization=cast.chess_club).update(is_active=False),
    "a template is renamed": lambda cast: cast.member_kind.save(),
    "a membership is written": lambda cast: Membership.objects.all()[0].save(),
    "memberships are written in bulk": lambda cast: Membership.objects.bulk_update(
        list(Membership.objects.all()[:2]), ["recorded_end"]
    ),
    "memberships are made in bulk": lambda cast: Membership.objects.bulk_create(
        Membership(
            user=one.user,
            position=one.position,
            recorded_start="2025-01-01",
            shown_on_campus=True,
            shown_on_public=True,
        )
        for one in Membership.objects.all()[:2]
    ),
    "a membership is deleted": lambda cast: Membership.objects.all()[0].delete(),
    "memberships are deleted": lambda cast: Membership.objects.all().delete(),
    "a key is limited": lambda cast: LimitedKey.objects.all().delete(),
    "a person without memberships goes": lambda cast: cast.nadia.delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_change_is_noted(cast: Cast, write: Write) -> None:
    Change.objects.all().delete()
    write(cast)
    assert Change.objects.exists()
