"""The tables of a made-up campus."""

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from memberships.campus.bulk import Table
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
        *("shown_on_campus", "shown_on_public", "deleted_at", "created_at", "modified_at"),
    ),
)
REFLECTIONS = Table(Reflection)

ALL = (USERS, ORGANIZATIONS, ORGANIZATION_CATEGORIES, CUSTOM_FIELDS, POSITIONS, MEMBERSHIPS, REFLECTIONS)

LISTS = (PositionType, PositionTemplate, OrganizationType, Category)
"""The campus-wide lists: a few rows each."""


def check_references_at_once() -> None:
    """Let PostgreSQL look up what each batch refers to with the batch, instead of everything at the end of all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def move_sequences() -> None:
    """Let the next row of every table that was written get an id after the last."""
    models: list[type[Model]] = [*LISTS, *(table.model for table in ALL)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def gather_statistics() -> None:
    """Tell the database's planner how many rows there are now, and of what kind.

    Outside a transaction PostgreSQL also notes which pages all may see, so that counts need the index alone.
    """
    tables = ", ".join(connection.ops.quote_name(table.model._meta.db_table) for table in ALL)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
        elif connection.in_atomic_block:
            cursor.execute(f"ANALYZE {tables}")
        else:
            cursor.execute(f"VACUUM (ANALYZE) {tables}")
