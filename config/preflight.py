"""Say in one sentence what keeps the site from starting: `python -m config.preflight`."""

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
    """A reason that keeps the site from starting, with what to do about it."""


def check_port(environment: "os._Environ[str]") -> None:
    """PORT is a free port of this machine; nothing is checked when BIND names an address of its own."""
    if environment.get("BIND"):
        return
    text = environment.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise NotReady(f"PORT is {text!r}, which is no port. Give a number from 1 to 65535: PORT=8001 make run")
    with socket.socket() as probe:
        probe.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # as gunicorn does, so that a restart is no conflict
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
    """The settings can be read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        django.setup()
    except KeyError as error:
        raise NotReady(f"DATABASE_URL names no kind of database that is known. {ADVICE}") from error
    except (ImproperlyConfigured, ValueError) as error:
        raise NotReady(f"The settings are not usable: {_sentence(error)} {ADVICE}") from error


def require_database() -> None:
    """The database that the settings name answers."""
    try:
        connection.settings_dict["OPTIONS"].pop("pool", None)  # a pool retries for long and hides the reason
        connection.ensure_connection()
        connection.close()
    except (DatabaseError, ImproperlyConfigured, OSError) as error:
        raise NotReady(f"The database does not answer: {_sentence(error)} {ADVICE}") from error


def _sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".?") + "."


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # what they would warn of ends in a sentence below
    try:
        check_settings()  # reads .env, where PORT may stand
        check_port(os.environ)
        require_database()
    except NotReady as reason:
        sys.exit(str(reason))
