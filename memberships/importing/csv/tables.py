"""The exported tables and their columns."""

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
from roster.names import SearchKeyField

EXCLUDED_COLUMNS: dict[type[models.Model], set[str]] = {
    User: {"password", "is_staff", "is_superuser"},
    Position: {"order_key"},
}
"""Columns that are not exported."""


class CsvTable:
    """A table and its file, such as `users.csv`."""

    def __init__(self, model: type[models.Model], name: str = "") -> None:
        self.model = model
        self.file = f"{name or str(model._meta.verbose_name_plural).replace(' ', '_')}.csv"
        excluded = EXCLUDED_COLUMNS.get(model, set())
        self.fields: dict[str, models.Field] = {
            field.attname: field
            for field in model._meta.concrete_fields
            if not isinstance(field, SearchKeyField) and field.attname not in excluded
        }
        """Its columns, by their headings in the file."""


CSV_TABLES = (
    CsvTable(User),
    CsvTable(OrganizationType),
    CsvTable(Category),
    CsvTable(PositionType),
    CsvTable(PositionTemplate),
    CsvTable(Organization),
    CsvTable(Organization.categories.through, "organization_categories"),
    CsvTable(CustomField),
    CsvTable(Position),
    CsvTable(Membership),
    CsvTable(Reflection),
)
"""In an order in which each table refers only to earlier ones."""
