"""What has been in use is retired: it stays, and is no longer active. Every roster of former years keeps its names."""

from typing import Any

import pytest
from django.db.models import Model

from organizations.models import Organization, Position, PositionTemplate
from roster.models import User
from tests.cast import MODIFIED, Cast

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_retired_organization_is_inactive_and_modified(cast: Cast) -> None:
    assert Organization.objects.filter(pk=cast.chess_club.pk).retire() == 1

    cast.chess_club.refresh_from_db()
    assert cast.chess_club.status == "inactive"
    assert cast.chess_club.modified_at > MODIFIED


def test_a_retired_position_is_no_longer_active_and_modified(cast: Cast) -> None:
    assert Position.objects.filter(pk=cast.senator.pk).retire() == 1

    cast.senator.refresh_from_db()
    assert cast.senator.is_active is False
    assert cast.senator.modified_at > MODIFIED


def test_a_retired_template_is_no_longer_active(cast: Cast) -> None:
    assert PositionTemplate.objects.filter(pk=cast.member_kind.pk).retire() == 1

    cast.member_kind.refresh_from_db()
    assert cast.member_kind.is_active is False


def test_a_retired_person_may_not_sign_in(cast: Cast) -> None:
    assert User.objects.filter(pk=cast.nadia.pk).retire() == 1

    cast.nadia.refresh_from_db()
    assert cast.nadia.status == "inactive"
    assert cast.nadia.is_active is False


@pytest.mark.parametrize("name", ["chess_club", "senator", "member_kind", "nadia"])
def test_what_was_retired_can_come_back(cast: Cast, name: str) -> None:
    row: Model = getattr(cast, name)
    rows: Any = row._meta.model._default_manager.filter(pk=row.pk)
    rows.retire()

    assert rows.reactivate() == 1

    row.refresh_from_db()
    assert getattr(row, "status", "active") == "active"
    assert getattr(row, "is_active", True) is True


def test_the_others_are_left_alone(cast: Cast) -> None:
    Organization.objects.filter(pk=cast.chess_club.pk).retire()

    cast.chess_club_downtown.refresh_from_db()
    assert cast.chess_club_downtown.status == "active"
