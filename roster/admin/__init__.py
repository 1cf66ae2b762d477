"""The admin pages of people, groups and API keys, and the base classes of the other apps' pages."""

from roster.admin.api_keys import ApiKeyAdmin
from roster.admin.people import UserAdmin
from roster.admin.rights import GroupAdmin, PermissionAdmin

__all__ = ["ApiKeyAdmin", "GroupAdmin", "PermissionAdmin", "UserAdmin"]
