"""What is written through a relation follows the rules of what it writes."""

import pytest
from django.db import transaction

from organizations.models import Organization, Position
from tests.cast import MODIFIED, Cast, organization

pytestmark = pytest.mark.both_databases


def test_what_is_added_to_a_relation_is_modified(cast: Cast) -> None:
    cast.student_organization.organizations.add(cast.lead)
    cast.lead.refresh_from_db()

    assert cast.lead.type == cast.student_organization
    assert cast.lead.modified_at > MODIFIED


def test_what_is_taken_from_a_relation_is_modified(cast: Cast) -> None:
    cast.student_organization.organizations.remove(cast.guild)
    cast.guild.refresh_from_db()

    assert cast.guild.type is None
    assert cast.guild.modified_at > MODIFIED


def test_memberships_added_to_a_position_are_modified(cast: Cast) -> None:
    cast.chess_president.memberships.add(cast.farid_chess)
    cast.farid_chess.refresh_from_db()

    assert cast.farid_chess.position == cast.chess_president
    assert cast.farid_chess.modified_at > MODIFIED


def test_positions_are_not_moved_through_a_relation(cast: Cast) -> None:
    """Their place in the order would stay behind."""
    with pytest.raises(TypeError, match="save"), transaction.atomic():
        cast.teatro.positions.add(cast.chess_member)

    assert Position.objects.get(pk=cast.chess_member.pk).organization == cast.chess_club


def test_what_is_made_through_a_relation_stands_in_its_place(cast: Cast) -> None:
    made = cast.teatro.positions.create(name="Extra", template=cast.member_kind)

    assert made.order_key == f"teatro nandu\x01{cast.teatro.pk:010d}\x01extra"
    assert made.type == cast.membership


def test_children_that_are_added_are_modified(cast: Cast) -> None:
    umbrella = organization("Umbrella")
    umbrella.children.add(cast.lead)

    assert Organization.objects.get(pk=cast.lead.pk).modified_at > MODIFIED
