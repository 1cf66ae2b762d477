from organizations.models.limited_key import LimitedKey
from organizations.models.organization import Category, CustomField, Organization, OrganizationType
from organizations.models.position import Position, PositionTemplate, PositionType

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
