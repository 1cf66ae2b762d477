"""What memberships speak of is retired, never deleted: every roster of former years keeps its names."""

import pytest
from django.db import transaction
from django.db.models import Model, ProtectedError

from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate, PositionType
from roster.models import User
from tests.cast import Cast, organization

pytestmark = pytest.mark.both_databases

HELD = ["amara", "student_government", "sg_president", "president_kind", "officer", "student_organization"]


@pytest.mark.parametrize("name", HELD)
def test_what_is_in_use_is_not_deleted(cast: Cast, name: str) -> None:
    row: Model = getattr(cast, name)

    with pytest.raises(ProtectedError), transaction.atomic():
        row.delete()
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [User, Organization, Position, PositionTemplate, PositionType])
def test_what_is_in_use_is_not_deleted_in_bulk(cast: Cast, model: type[Model]) -> None:
    with pytest.raises(ProtectedError), transaction.atomic():
        model._base_manager.all().delete()


def test_a_deleted_membership_still_holds_its_person_and_position(cast: Cast) -> None:
    Membership.objects.filter(user=cast.lin).delete()

    with pytest.raises(ProtectedError), transaction.atomic():
        cast.lin.delete()


def test_a_parent_is_not_taken_away_over_its_children(cast: Cast) -> None:
    umbrella = organization("Umbrella")
    organization("Handle", parent=umbrella)

    with pytest.raises(ProtectedError), transaction.atomic():
        umbrella.delete()


def test_a_primary_contact_is_not_taken_away(cast: Cast) -> None:
    cast.lead.primary_contact = cast.nadia
    cast.lead.save()

    with pytest.raises(ProtectedError), transaction.atomic():
        cast.nadia.delete()


def test_what_nothing_speaks_of_can_be_deleted(cast: Cast) -> None:
    cast.nadia.delete()

    assert not User.objects.filter(username="nadia.farouk").exists()
