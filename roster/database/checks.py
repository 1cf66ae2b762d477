"""The system check of the tables, which needs a database connection."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, InterfaceError

from roster.database import health


@register(Tags.database)
def check_tables(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """roster.E020: tables that do not match the program, although every migration is recorded as applied."""
    if not databases:
        return []
    try:
        found = [] if health.pending_migrations() else health.mismatches()
    except (DatabaseError, InterfaceError):
        return []  # /readyz reports this, and the server may start before its database
    if not found:
        return []
    return [
        Error(
            f"The database has all migrations, but does not match the program: {', '.join(found)}.",
            hint="It is from another version of the program. Restore a backup of this version, or load the roster "
            "into a new database: export_roster with the old program, migrate and load_roster with the new one.",
            id="roster.E020",
        )
    ]
