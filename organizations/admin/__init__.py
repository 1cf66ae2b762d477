from organizations.admin.kinds import CategoryAdmin, OrganizationTypeAdmin, PositionTemplateAdmin, PositionTypeAdmin
from organizations.admin.limits import LimitedKeyAdmin
from organizations.admin.organizations import CustomFieldAdmin, OrganizationAdmin
from organizations.admin.positions import PositionAdmin

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
