"""The constraints of organizations and positions hold in the database, and their messages name what is required."""

import pytest
from django.db.models import Max

from organizations.models import (
    Category,
    CustomField,
    LimitedKey,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from roster.models import ApiKey
from tests.constraints import Violations, assert_the_database_refuses, assert_validation_refuses
from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases


def its_own_parent() -> Organization:
    unused = 1 + Organization.objects.aggregate(last=Max("id"))["last"]
    return Organization(id=unused, parent_id=unused, name="Ouroboros")


VIOLATIONS: Violations = {
    "organization_type_has_a_name": lambda sample: OrganizationType(name=""),
    "category_has_a_name": lambda sample: Category(name=""),
    "organization_has_a_name": lambda sample: Organization(name=""),
    "organization_status_is_known": lambda sample: Organization(name="Knitters", status="retired"),
    "organization_visibility_is_known": lambda sample: Organization(name="Knitters", directory_visibility="seen"),
    "organization_membership_type_is_known": lambda sample: Organization(name="Knitters", membership_type="ajar"),
    "organization_is_not_its_own_parent": lambda sample: its_own_parent(),
    "custom_field_is_unique_in_its_organization": lambda sample: CustomField(
        organization=sample.chess_club, name="Budget code", values=["CH-118"]
    ),
    "limited_key_names_an_organization_once": lambda sample: LimitedKey(
        organization=sample.chess_club, api_key=ApiKey.objects.filter(is_limited=True)[0]
    ),
    "position_type_has_a_name": lambda sample: PositionType(name=""),
    "position_template_has_a_name": lambda sample: PositionTemplate(name="", default_type=sample.officer),
    "position_has_a_name": lambda sample: Position(
        organization=sample.lead, template=sample.member_kind, type=sample.membership, name=""
    ),
}


@pytest.mark.parametrize("name", VIOLATIONS)
def test_the_database_refuses(sample: SampleData, name: str) -> None:
    assert_the_database_refuses(VIOLATIONS[name](sample), name)


@pytest.mark.parametrize("name", VIOLATIONS)
def test_validation_says_what_the_rule_asks(sample: SampleData, name: str) -> None:
    assert_validation_refuses(VIOLATIONS[name](sample), name)
