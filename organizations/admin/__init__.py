from organizations.admin.limited_keys import LimitedKeyAdmin
from organizations.admin.organizations import CustomFieldAdmin, OrganizationAdmin
from organizations.admin.positions import PositionAdmin
from organizations.admin.reference_data import (
    CategoryAdmin,
    OrganizationTypeAdmin,
    PositionTemplateAdmin,
    PositionTypeAdmin,
)

__all__ = [
    "CategoryAdmin",
    "CustomFieldAdmin",
    "LimitedKeyAdmin",
    "OrganizationAdmin",
    "OrganizationTypeAdmin",
    "PositionAdmin",
    "PositionTemplateAdmin",
    "PositionTypeAdmin",
]
