"""The system check of the tables, which needs a database to look at."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, InterfaceError

from roster.database import health


@register(Tags.database)
def check_tables(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """roster.E020: tables that do not fit the program, although every migration is noted as done."""
    if not databases:
        return []
    try:
        found = [] if health.pending_migrations() else health.mismatches()
    except (DatabaseError, InterfaceError):
        return []  # /readyz reports it, and the server starts before its database
    if not found:
        return []
    return [
        Error(
            f"The database has every migration, and does not fit the program: {', '.join(found)}.",
            hint="It comes from another version of the program. Restore a backup of that version, or load the roster "
            "into a new database: export_roster with the old program, migrate and load_roster with the new one.",
            id="roster.E020",
        )
    ]
