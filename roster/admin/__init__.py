"""The admin of people and keys, and what the admin of every app is made of."""

from roster.admin.api_keys import ApiKeyAdmin
from roster.admin.people import UserAdmin
from roster.admin.rights import GroupAdmin, PermissionAdmin

__all__ = ["ApiKeyAdmin", "GroupAdmin", "PermissionAdmin", "UserAdmin"]
