import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from tqdm import tqdm

from memberships.importing.csv.load import LoadRefused, load


class Command(BaseCommand):
    help = (
        "Load a whole roster from a folder of CSV files, as export_roster writes them, into a database without one. "
        "Ids are kept. All of it is loaded, or nothing. Nobody in it can sign in yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "folder", type=Path, metavar="FOLDER", help="The folder of the files; a missing file counts as empty."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        with tqdm(unit=" rows", unit_scale=True, disable=None if options["verbosity"] else True) as bar:

            def advance(file: str, rows: int) -> None:
                bar.set_description(file, refresh=False)
                bar.update(rows)

            try:
                counts = load(options["folder"], advance)
            except LoadRefused as error:
                raise CommandError(f"Nothing was loaded. {error}") from error
            except DatabaseError as error:
                reason = str(error).strip().partition("\n")[0].rstrip(".")
                raise CommandError(
                    f"Nothing was loaded: {reason}. Does the database answer, and was `migrate` run?"
                ) from error
        if options["verbosity"]:
            for file, count in counts.items():
                self.stdout.write(f"{file:28}{count:>12,} rows")
            self.stdout.write(f"Loaded in {time.monotonic() - started:.0f} seconds.")
