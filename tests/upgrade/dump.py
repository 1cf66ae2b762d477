"""`python -m tests.upgrade.dump VERSION`: fill the new database of DATABASE_URL, and write it down as SQL."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main(version: str) -> None:
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    fill()
    file = FOLDER / f"{version}.{connection.vendor}.sql"
    text = sqlite_dump() if connection.vendor == "sqlite" else postgresql_dump()
    file.write_text(text, encoding="utf-8")


def fill() -> None:
    """The demo campus, and two more rows of every model that has pages."""
    from django.core.management import call_command

    from roster.models import User
    from tests.roster.admin.crowd import Crowd

    call_command("loaddata", "fixtures/campus.json", verbosity=0)
    Crowd(User.objects.create_superuser("root")).grow(to=2)


def sqlite_dump() -> str:
    from django.db import connection

    with sqlite3.connect(connection.settings_dict["NAME"]) as database:
        return "\n".join(database.iterdump()) + "\n"


def postgresql_dump() -> str:
    """Plain SQL without owners, rights, and what psql or one version of PostgreSQL alone understands."""
    binaries = os.environ.get("PG_BINARIES", "")
    url = os.environ["DATABASE_URL"]
    command = [str(Path(binaries) / "pg_dump"), "--no-owner", "--no-acl", "--inserts", "--rows-per-insert=500", url]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
    lines = (line for line in done.stdout.splitlines() if not line.startswith(("--", "\\", "SET ")) and line.strip())
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1])
