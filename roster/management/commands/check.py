"""Django's `check`, which by default checks the database too."""

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
                self.stderr.write("The database does not answer, so its tables were not checked.")
                options["databases"] = []  # none; from Django 6.1 on, None is all
        super().handle(*app_labels, **options)
