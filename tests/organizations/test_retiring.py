"""What has been in use is retired: it stays, and is no longer active. Every roster of former years keeps its names."""

from typing import Any

import pytest
from django.db.models import Model

from organizations.models import Organization, Position, PositionTemplate
from roster.models import User
from tests.sample_data import MODIFIED, SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_retired_organization_is_inactive_and_modified(sample: SampleData) -> None:
    assert Organization.objects.filter(pk=sample.chess_club.pk).retire() == 1

    sample.chess_club.refresh_from_db()
    assert sample.chess_club.status == "inactive"
    assert sample.chess_club.modified_at > MODIFIED


def test_a_retired_position_is_no_longer_active_and_modified(sample: SampleData) -> None:
    assert Position.objects.filter(pk=sample.senator.pk).retire() == 1

    sample.senator.refresh_from_db()
    assert sample.senator.is_active is False
    assert sample.senator.modified_at > MODIFIED


def test_a_retired_template_is_no_longer_active(sample: SampleData) -> None:
    assert PositionTemplate.objects.filter(pk=sample.member_kind.pk).retire() == 1

    sample.member_kind.refresh_from_db()
    assert sample.member_kind.is_active is False


def test_a_retired_person_may_not_sign_in(sample: SampleData) -> None:
    assert User.objects.filter(pk=sample.nadia.pk).retire() == 1

    sample.nadia.refresh_from_db()
    assert sample.nadia.status == "inactive"
    assert sample.nadia.is_active is False


@pytest.mark.parametrize("name", ["chess_club", "senator", "member_kind", "nadia"])
def test_what_was_retired_can_come_back(sample: SampleData, name: str) -> None:
    row: Model = getattr(sample, name)
    rows: Any = row._meta.model._default_manager.filter(pk=row.pk)
    rows.retire()

    assert rows.reactivate() == 1

    row.refresh_from_db()
    assert getattr(row, "status", "active") == "active"
    assert getattr(row, "is_active", True) is True


def test_the_others_are_left_alone(sample: SampleData) -> None:
    Organization.objects.filter(pk=sample.chess_club.pk).retire()

    sample.chess_club_downtown.refresh_from_db()
    assert sample.chess_club_downtown.status == "active"
