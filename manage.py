#!/usr/bin/env python
"""Run a management command: `python manage.py help` lists them."""

import os
import sys

ADVICE = {
    "ImproperlyConfigured": "",
    "OperationalError": "DATABASE_URL says where the database is, and `manage.py migrate` makes its tables.",
    "ProgrammingError": "`manage.py migrate` brings the database up to date.",
}


def sentence(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".?") + "."


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, ProgrammingError) as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{sentence(error)} {ADVICE[type(error).__name__]}".strip())


if __name__ == "__main__":
    main()
