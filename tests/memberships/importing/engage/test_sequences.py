"""After an import new rows get ids of their own."""

import pytest

from memberships.models import Membership
from organizations.models import Category, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import (
    CATEGORY,
    MEMBERSHIP,
    ORGANIZATION,
    ORGANIZATION_TYPE,
    POSITION,
    TEMPLATE,
    TYPE,
    USER,
    a_membership,
    an_organization,
)

pytestmark = pytest.mark.both_databases


def test_new_rows_come_after_the_imported_ones(run_import: Importer) -> None:
    categories = [{"categoryId": CATEGORY, "categoryName": "Sports"}]
    run_import(a_membership(), an_organization(typeId=ORGANIZATION_TYPE, typeName="Club", categories=categories))

    organization = Organization.objects.create(name="New")
    template = PositionTemplate.objects.create(name="New")
    type_ = PositionType.objects.create(name="New")
    position = Position.objects.create(organization=organization, template=template, type=type_, name="New")
    user = User.objects.create(username="new")
    membership = Membership.objects.create(user=user, position=position, recorded_start="2020-01-01")
    assert organization.pk > ORGANIZATION
    assert (template.pk > TEMPLATE, type_.pk > TYPE, position.pk > POSITION) == (True, True, True)
    assert (user.pk > USER, membership.pk > MEMBERSHIP) == (True, True)
    assert OrganizationType.objects.create(name="New").pk > ORGANIZATION_TYPE
    assert Category.objects.create(name="New").pk > CATEGORY


def test_a_sequence_never_goes_back(run_import: Importer) -> None:
    before = Organization.objects.create(name="Earlier").pk

    run_import(a_membership(organizationId=before + 100))
    run_import(a_membership(membershipId=1, positionId=2, organizationId=before + 50))

    assert Organization.objects.create(name="New").pk > before + 100
