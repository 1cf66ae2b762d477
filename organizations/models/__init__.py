from organizations.models.category import Category
from organizations.models.custom_field import CustomField
from organizations.models.limited_key import LimitedKey
from organizations.models.organization import Organization
from organizations.models.organization_type import OrganizationType
from organizations.models.position import Position
from organizations.models.position_template import PositionTemplate
from organizations.models.position_type import PositionType

__all__ = [
    "Category",
    "CustomField",
    "LimitedKey",
    "Organization",
    "OrganizationType",
    "Position",
    "PositionTemplate",
    "PositionType",
]
