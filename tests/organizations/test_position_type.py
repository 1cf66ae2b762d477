"""The type of a position: its own, else its template's default, else it is asked for."""

import pytest
from django.core.exceptions import ValidationError

from organizations.models import Position, PositionTemplate
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_a_position_without_a_type_takes_the_default_of_its_template(sample: SampleData) -> None:
    position = Position(organization=sample.chess_club, template=sample.member_kind, name="Pawn")

    position.full_clean()
    position.save()

    assert position.type == sample.membership


def test_a_position_whose_template_has_no_default_type_needs_one(sample: SampleData) -> None:
    without = PositionTemplate.objects.create(name="Mascot")
    position = Position(organization=sample.chess_club, template=without, name="Knight")

    with pytest.raises(ValidationError) as refusal:
        position.full_clean()

    assert refusal.value.message_dict == {"type": ["Choose a type: the template “Mascot” has no default type."]}
