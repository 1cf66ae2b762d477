"""Which tables there are as files, and which of their columns."""

from django.db import models

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
from roster.names import FoldedField

STAYING: dict[type[models.Model], set[str]] = {User: {"password", "is_staff", "is_superuser"}, Position: {"order_key"}}
"""Columns that do not travel."""


class Sheet:
    """A table as a file: `users.csv`."""

    def __init__(self, model: type[models.Model], name: str = "") -> None:
        self.model = model
        self.file = f"{name or str(model._meta.verbose_name_plural).replace(' ', '_')}.csv"
        staying = STAYING.get(model, set())
        self.fields: dict[str, models.Field] = {
            field.attname: field
            for field in model._meta.concrete_fields
            if not isinstance(field, FoldedField) and field.attname not in staying
        }
        """Its columns, by the names they have in the first line of the file."""


SHEETS = (
    Sheet(User),
    Sheet(OrganizationType),
    Sheet(Category),
    Sheet(PositionType),
    Sheet(PositionTemplate),
    Sheet(Organization),
    Sheet(Organization.categories.through, "organization_categories"),
    Sheet(CustomField),
    Sheet(Position),
    Sheet(Membership),
    Sheet(Reflection),
)
"""Each refers to earlier ones only."""
