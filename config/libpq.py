"""Run a PostgreSQL client program on the site's database: `python -m config.libpq pg_dump --format=custom`.

The settings are passed in environment variables, which only the account of that program can read. The command line,
which everybody can read, has no password, and the name of the database is configured only once.
"""

import os
import sys
from typing import Any

import psycopg
from django.core.exceptions import ImproperlyConfigured

from config.environment import env

COLUMNS = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "HOST": "PGHOST", "PORT": "PGPORT"}
OPTIONS = {
    option.keyword.decode(): option.envvar.decode() for option in psycopg.pq.Conninfo.get_defaults() if option.envvar
}
"""The variables of all options that a URL may have, as libpq lists them."""


def variables(database: dict[str, Any]) -> dict[str, str]:
    """The variables of libpq for a database in Django's settings. ImproperlyConfigured if it is not PostgreSQL."""
    if "postgresql" not in database["ENGINE"]:
        raise ImproperlyConfigured("DATABASE_URL names a SQLite file: copy it with sqlite3, as docs/deploying.md says.")
    options = {OPTIONS[name]: value for name, value in database.get("OPTIONS", {}).items() if name in OPTIONS}
    columns = {variable: database[name] for name, variable in COLUMNS.items() if database.get(name)}
    return {variable: str(value) for variable, value in (options | columns).items()}


def run(command: list[str]) -> None:
    """Replace this process by the program. SystemExit with a message if this fails."""
    if not command:
        sys.exit("Give the program to run: .venv/bin/python -m config.libpq psql")
    try:
        database = variables(env.database("DATABASE_URL", default="sqlite:///roster.sqlite3"))
        os.execvpe(command[0], command, {**os.environ, **database})  # noqa: S606 (the caller's command, without a shell)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{command[0]} cannot be run ({error.strerror}). Is PostgreSQL's client installed?")


if __name__ == "__main__":
    run(sys.argv[1:])
