"""Positions as their own records have them, and what they leave to memberships."""

import pytest

from organizations.models import Position, PositionTemplate, PositionType
from organizations.roster_order import order_key
from roster import days
from tests.memberships.importing.engage.conftest import Importer, counts
from tests.memberships.importing.engage.records import (
    CREATED,
    ORGANIZATION,
    POSITION,
    TEMPLATE,
    TYPE,
    a_membership,
    a_position,
    without,
)

pytestmark = pytest.mark.both_databases

ID_AND_NAME = {"positionId": POSITION, "positionName": "First Deckhand"}


def test_it_keeps_every_field(run_import: Importer) -> None:
    run_import(a_position(active=False, createdOn=CREATED))

    position = Position.objects.get()
    assert (position.pk, position.name, position.name_folded) == (POSITION, "Deckhand", "deckhand")
    assert (position.organization_id, position.template_id, position.type_id) == (ORGANIZATION, TEMPLATE, TYPE)
    assert position.order_key == order_key("beacon commons", ORGANIZATION, "Deckhand")
    assert not position.is_active
    assert days.milliseconds(position.created_at) == CREATED


def test_a_type_may_differ_from_the_templates(run_import: Importer) -> None:
    other = PositionType.objects.create(name="Other")
    template = PositionTemplate.objects.create(pk=TEMPLATE, name="Member", default_type=other)

    output = run_import(a_position())

    assert Position.objects.get().type_id == TYPE
    template.refresh_from_db()
    assert (template.default_type, template.default_shown_on_campus) == (other, None)
    assert (
        f"Of another type than their template's default, stored as given: 1 positions (position {POSITION})." in output
    )


def test_a_new_position_without_a_type_takes_the_templates(run_import: Importer) -> None:
    PositionTemplate.objects.create(
        pk=TEMPLATE, name="Member", default_type=PositionType.objects.create(pk=TYPE, name="General")
    )

    run_import(without(a_position(), "positionTypeId", "positionTypeName"))

    assert Position.objects.get().type_id == TYPE


def test_a_position_of_no_type_is_refused(run_import: Importer) -> None:
    refusal = run_import.refused(without(a_position(), "positionTypeId", "positionTypeName"))

    assert f"record 1, positionTypeId: There is no position {POSITION} here, and this is needed to make it." in refusal


def test_a_rename_moves_its_order(run_import: Importer) -> None:
    run_import(a_position())

    output = run_import(a_position(positionName="Émeritus"))

    position = Position.objects.get()
    assert (position.name, position.name_folded) == ("Émeritus", "emeritus")
    assert position.order_key == order_key("beacon commons", ORGANIZATION, "Émeritus")
    assert counts(output, "positions") == [0, 1, 0, 0]


def test_a_record_of_id_and_name_takes_the_rest_from_a_membership(run_import: Importer) -> None:
    output = run_import(ID_AND_NAME, a_membership())

    position = Position.objects.get()
    assert (position.name, position.organization_id, position.template_id) == (
        *("First Deckhand", ORGANIZATION),
        TEMPLATE,
    )
    assert counts(output, "positions") == [1, 0, 0, 0]


def test_a_record_of_id_and_name_changes_a_position_that_is_here(run_import: Importer) -> None:
    run_import(a_membership())

    run_import(ID_AND_NAME)

    position = Position.objects.get()
    assert (position.name, position.organization_id, position.type_id) == ("First Deckhand", ORGANIZATION, TYPE)


def test_a_position_that_no_membership_describes_is_left_out_and_reported(run_import: Importer) -> None:
    output = run_import([ID_AND_NAME, a_position(positionId=7)])

    assert [position.pk for position in Position.objects.all()] == [7]
    assert (
        "Left out: 1 positions that name no organization or template and that no membership describes "
        f"(position {POSITION})." in output
    )


def test_a_new_template_and_its_type_are_made_without_defaults(run_import: Importer) -> None:
    run_import(a_position())

    template = PositionTemplate.objects.get()
    assert (template.pk, template.name, template.name_folded) == (TEMPLATE, "Member", "member")
    assert (template.default_type, template.default_shown_on_campus, template.default_shown_on_public) == (
        *(None, None),
        None,
    )


def test_a_template_keeps_its_defaults(run_import: Importer) -> None:
    PositionTemplate.objects.create(pk=TEMPLATE, name="Member", default_shown_on_public=True, is_active=False)

    run_import(a_position())

    template = PositionTemplate.objects.get()
    assert (template.default_shown_on_public, template.is_active) == (True, False)
