"""What is written in bulk is what the models would have written."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from memberships.importing.bulk import Table, next_id
from memberships.models import Membership
from memberships.synthetic import tables
from memberships.synthetic.generator import CampusSpec
from organizations.models import Organization, Position, PositionTemplate, PositionType
from organizations.roster_order import order_key
from roster.models import User
from roster.names import SearchKeyField
from tests.memberships.synthetic.conftest import TODAY

pytestmark = pytest.mark.both_databases


def test_every_search_key_is_that_of_its_names(campus: CampusSpec) -> None:
    for model in (User, Organization, Position, PositionTemplate):
        fields = [field for field in model._meta.fields if isinstance(field, SearchKeyField)]
        assert fields
        for row in model._default_manager.all():
            for field in fields:
                values = {name: getattr(row, name) for name in field.sources}
                assert getattr(row, field.attname) == field.search_key_of(values)


def test_every_position_stands_where_its_names_put_it(campus: CampusSpec) -> None:
    for position in Position.objects.select_related("organization"):
        organization = position.organization
        assert position.order_key == order_key(organization.name_folded, organization.pk, position.name)


@pytest.mark.parametrize("table", tables.ALL, ids=lambda table: table.model.__name__)
def test_every_row_passes_its_own_validation(campus: CampusSpec, table: Table) -> None:
    refused = {}
    for row in table.model._default_manager.order_by("pk")[::7]:
        try:
            row.clean_fields()
            row.clean()
        except ValidationError as error:
            refused[row.pk] = error.message_dict

    assert refused == {}


def test_every_reference_leads_to_a_row(campus: CampusSpec) -> None:
    connection.check_constraints()


def test_every_column_of_a_membership_is_written() -> None:
    columns = {field.attname for field in Membership._meta.concrete_fields}

    assert set(tables.MEMBERSHIPS.fields) == columns


def test_the_next_row_of_every_table_gets_an_id_of_its_own(campus: CampusSpec) -> None:
    last = {model: next_id(model) - 1 for model in (User, Organization, Position, Membership)}
    user = User.objects.create_user("new.comer")
    organization = Organization.objects.create(name="New Club")
    template = PositionTemplate.objects.create(name="Watcher", default_type=PositionType.objects.create(name="Guest"))
    position = Position.objects.create(organization=organization, template=template, name="Member")
    membership = Membership.objects.create(user=user, position=position, recorded_start=TODAY)

    assert [row.pk > last[type(row)] for row in (user, organization, position, membership)] == [True] * 4
