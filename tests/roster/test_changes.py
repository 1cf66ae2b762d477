"""Every change of the roster is noted, whichever way it is written (`roster/history/change_tracking.py`)."""

from collections.abc import Callable

import pytest

from memberships.models import Membership
from organizations.models import LimitedKey, Position
from roster.models import Change, User
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

Write = Callable[[SampleData], object]
WRITES: dict[str, Write] = {
    "a new person": lambda sample: User.objects.create(username="new.person"),
    "a person becomes confidential": lambda sample: User.objects.filter(pk=sample.amara.pk).update(
        is_confidential=True
    ),
    "an organization is renamed": lambda sample: sample.chess_club.save(),
    "an organization takes a category": lambda sample: sample.chess_club.categories.add(sample.wellness),
    "an organization loses its categories": lambda sample: sample.student_government.categories.clear(),
    "a position is retired": lambda sample: Position.objects.filter(organization=sample.chess_club).update(
        is_active=False
    ),
    "a template is renamed": lambda sample: sample.member_kind.save(),
    "a membership is written": lambda sample: Membership.objects.all()[0].save(),
    "memberships are written in bulk": lambda sample: Membership.objects.bulk_update(
        list(Membership.objects.all()[:2]), ["recorded_end"]
    ),
    "memberships are made in bulk": lambda sample: Membership.objects.bulk_create(
        Membership(
            user=one.user,
            position=one.position,
            recorded_start="2025-01-01",
            shown_on_campus=True,
            shown_on_public=True,
        )
        for one in Membership.objects.all()[:2]
    ),
    "a membership is deleted": lambda sample: Membership.objects.all()[0].delete(),
    "memberships are deleted": lambda sample: Membership.objects.all().delete(),
    "a key is limited": lambda sample: LimitedKey.objects.all().delete(),
    "a person without memberships goes": lambda sample: sample.nadia.delete(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_change_is_logged(sample: SampleData, write: Write) -> None:
    Change.objects.all().delete()
    write(sample)
    assert Change.objects.exists()
