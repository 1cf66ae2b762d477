from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from memberships.importing.csv.dump import FolderUnusable, dump


class Command(BaseCommand):
    help = (
        "Write the whole roster into a new folder, with a CSV file for each table, for a spreadsheet, another program, "
        "or load_roster elsewhere. It includes confidential people: protect it as you protect the database."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="A new or empty folder.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = dump(options["folder"])
        except FolderUnusable as error:
            raise CommandError(f"Nothing was exported: {error}") from error
        for file, count in counts.items():
            self.stdout.write(f"{file:28}{count:>12,} rows")
