"""Run a program of PostgreSQL on the site's own database: `python -m config.libpq pg_dump --format=custom`.

The settings are passed in environment variables, which only that program's own account can read. A command line, which
everybody can read, has no database and no password, and no name has to be kept twice.
"""

import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.environment import env

COLUMNS = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}


def variables(database: dict[str, Any]) -> dict[str, str]:
    """A database of Django's settings as libpq's variables. ImproperlyConfigured for one that is no PostgreSQL."""
    if "postgresql" not in database["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_URL names a SQLite file: copy it with sqlite3, as docs/deploying.md says.")
    settings = {variable: database.get(name) for name, variable in COLUMNS.items()}
    settings |= {variable: database.get("OPTIONS", {}).get(name) for name, variable in OPTIONS.items()}
    return {variable: str(value) for variable, value in settings.items() if value}


def run(command: list[str]) -> None:
    """Become the program. SystemExit with a sentence where that cannot be."""
    if not command:
        sys.exit("Name the program to run: .venv/bin/python -m config.libpq psql")
    try:
        database = variables(env.database("DATABASE_URL", default="sqlite:///roster.sqlite3"))
        os.execvpe(command[0], command, {**os.environ, **database})  # noqa: S606 (what the caller named, and no shell)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{command[0]} cannot be run ({error.strerror}). Is PostgreSQL's client installed?")


if __name__ == "__main__":
    run(sys.argv[1:])
