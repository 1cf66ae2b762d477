"""The tables of a synthetic campus."""

from memberships.importing.bulk import Table
from memberships.models import Membership, Reflection
from organizations.models import (
    Category,
    CustomField,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from roster.models import User

USERS = Table(User)
ORGANIZATIONS = Table(Organization)
ORGANIZATION_CATEGORIES = Table(Organization.categories.through, ("organization_id", "category_id"))
CUSTOM_FIELDS = Table(CustomField)
POSITIONS = Table(Position)
MEMBERSHIPS = Table(
    Membership,
    (
        *("id", "user_id", "position_id", "recorded_start", "recorded_end", "reported_start", "reported_end"),
        *("shown_on_campus", "shown_on_public", "deleted_at", "created_at", "modified_at", "shown_modified_at"),
    ),
)
REFLECTIONS = Table(Reflection, ("membership_id", "text", "created_at", "modified_at"))

ALL = (USERS, ORGANIZATIONS, ORGANIZATION_CATEGORIES, CUSTOM_FIELDS, POSITIONS, MEMBERSHIPS, REFLECTIONS)

MODELS = tuple(table.model for table in ALL)

LISTS = (PositionType, PositionTemplate, OrganizationType, Category)
"""The campus-wide lists: a few rows each."""
