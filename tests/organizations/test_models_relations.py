"""What is written through a relation follows the rules of what it writes."""

import pytest
from django.db import transaction

from organizations.models import Organization, Position
from tests.sample_data import MODIFIED, SampleData, organization

pytestmark = pytest.mark.both_databases


def test_what_is_added_to_a_relation_is_modified(sample: SampleData) -> None:
    sample.student_organization.organizations.add(sample.lead)
    sample.lead.refresh_from_db()

    assert sample.lead.type == sample.student_organization
    assert sample.lead.modified_at > MODIFIED


def test_what_is_taken_from_a_relation_is_modified(sample: SampleData) -> None:
    sample.student_organization.organizations.remove(sample.guild)
    sample.guild.refresh_from_db()

    assert sample.guild.type is None
    assert sample.guild.modified_at > MODIFIED


def test_memberships_added_to_a_position_are_modified(sample: SampleData) -> None:
    sample.chess_president.memberships.add(sample.farid_chess)
    sample.farid_chess.refresh_from_db()

    assert sample.farid_chess.position == sample.chess_president
    assert sample.farid_chess.modified_at > MODIFIED


def test_positions_are_not_moved_through_a_relation(sample: SampleData) -> None:
    """Their order key would not change."""
    with pytest.raises(TypeError, match="save"), transaction.atomic():
        sample.teatro.positions.add(sample.chess_member)

    assert Position.objects.get(pk=sample.chess_member.pk).organization == sample.chess_club


def test_a_row_that_is_created_through_a_relation_has_its_order(sample: SampleData) -> None:
    made = sample.teatro.positions.create(name="Extra", template=sample.member_kind)

    assert made.order_key == f"teatro nandu\x01{sample.teatro.pk:010d}\x01extra"
    assert made.type == sample.membership


def test_children_that_are_added_are_modified(sample: SampleData) -> None:
    umbrella = organization("Umbrella")
    umbrella.children.add(sample.lead)

    assert Organization.objects.get(pk=sample.lead.pk).modified_at > MODIFIED
