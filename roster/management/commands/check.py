"""Django's `check`, which looks at the database too without being asked to."""

from typing import Any

from django.core.management.commands import check
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection


class Command(check.Command):
    def handle(self, *app_labels: Any, **options: Any) -> None:
        if not options["databases"]:
            try:
                connection.ensure_connection()
                options["databases"] = [DEFAULT_DB_ALIAS]
            except (DatabaseError, InterfaceError):
                self.stderr.write("The database does not answer, so that its tables were not looked at.")
        super().handle(*app_labels, **options)
