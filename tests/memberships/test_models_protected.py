"""What memberships speak of is retired, never deleted: every roster of former years keeps its names."""

import pytest
from django.db import transaction
from django.db.models import Model, ProtectedError

from memberships.models import Membership
from organizations.models import Organization, Position, PositionTemplate, PositionType
from roster.models import User
from tests.sample_data import SampleData, organization

pytestmark = pytest.mark.both_databases

HELD = ["amara", "student_government", "sg_president", "president_kind", "officer", "student_organization"]


@pytest.mark.parametrize("name", HELD)
def test_what_is_in_use_is_not_deleted(sample: SampleData, name: str) -> None:
    row: Model = getattr(sample, name)

    with pytest.raises(ProtectedError), transaction.atomic():
        row.delete()
    assert type(row)._base_manager.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [User, Organization, Position, PositionTemplate, PositionType])
def test_what_is_in_use_is_not_deleted_in_bulk(sample: SampleData, model: type[Model]) -> None:
    with pytest.raises(ProtectedError), transaction.atomic():
        model._base_manager.all().delete()


def test_a_deleted_membership_still_holds_its_person_and_position(sample: SampleData) -> None:
    Membership.objects.filter(user=sample.lin).delete()

    with pytest.raises(ProtectedError), transaction.atomic():
        sample.lin.delete()


def test_a_parent_is_not_taken_away_over_its_children(sample: SampleData) -> None:
    umbrella = organization("Umbrella")
    organization("Handle", parent=umbrella)

    with pytest.raises(ProtectedError), transaction.atomic():
        umbrella.delete()


def test_a_primary_contact_is_not_taken_away(sample: SampleData) -> None:
    sample.lead.primary_contact = sample.nadia
    sample.lead.save()

    with pytest.raises(ProtectedError), transaction.atomic():
        sample.nadia.delete()


def test_what_nothing_speaks_of_can_be_deleted(sample: SampleData) -> None:
    sample.nadia.delete()

    assert not User.objects.filter(username="nadia.farouk").exists()
