"""Check that the site can start, and print the reason if not: `python -m config.preflight`."""

import os
import socket
import sys
import warnings

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connection

ADVICE = (
    "Settings come from the environment and .env; DATABASE_URL looks like postgres://user:password@host:5432/name "
    "or sqlite:///file.sqlite3."
)


class NotReady(Exception):
    """A reason why the site cannot start, with advice."""


def check_port(environment: "os._Environ[str]") -> None:
    """Check that PORT is a free port of this machine; nothing is checked if BIND is set."""
    if environment.get("BIND"):
        return
    text = environment.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise NotReady(f"PORT is {text!r}, which is not a port. Use a number from 1 to 65535: PORT=8001 make run")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does, so that a restart does not fail
        try:
            probe.bind(("127.0.0.1", int(text)))
        except PermissionError as error:
            raise NotReady(f"You may not serve on port {text}. Choose one above 1023: PORT=8001 make run") from error
        except OSError as error:
            raise NotReady(
                f"Port {text} is used by another program. Stop that program, or choose another port: "
                f"PORT={int(text) % 65535 + 1} make run"
            ) from error


def check_settings() -> None:
    """Check that the settings can be read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except KeyError as error:
        raise NotReady(f"DATABASE_URL has an unknown type of database. {ADVICE}") from error
    except (ImproperlyConfigured, ValueError) as error:
        raise NotReady(f"The settings are not usable: {_sentence(error)} {ADVICE}") from error


def require_database() -> None:
    """Check that the database answers."""
    try:
        connection.settings_dict["OPTIONS"].pop("pool", None)  # a pool would retry for a long time and hide the reason
        connection.ensure_connection()
        connection.close()
    except (DatabaseError, ImproperlyConfigured, OSError) as error:
        raise NotReady(f"The database does not answer: {_sentence(error)} {ADVICE}") from error


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".?") + "."


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # the errors below replace the warnings
    try:
        check_settings()  # reads .env, which may set PORT
        check_port(os.environ)
        require_database()
    except NotReady as reason:
        sys.exit(str(reason))
