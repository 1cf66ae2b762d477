"""Run a management command and keep what it prints."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command


@dataclass(frozen=True)
class Printed:
    """What a command printed, without colours."""

    output: str
    errors: str


def run(*arguments: Any) -> Printed:
    """Run `manage.py ARGUMENTS...`. CommandError when it refuses."""
    output, errors = io.StringIO(), io.StringIO()
    call_command(*(str(argument) for argument in arguments), stdout=output, stderr=errors, no_color=True)
    return Printed(output.getvalue(), errors.getvalue())
