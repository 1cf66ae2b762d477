import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand

from roster.models import ApiKey

COLUMNS = ("PREFIX", "NAME", "KIND", "AUDIENCE", "LIMITS", "RATE", "CREATED", "EXPIRES", "REVOKED", "LAST USE")


class Command(BaseCommand):
    """A table of all keys, revoked ones too. It holds no secret: none is stored that could be read."""

    help = "List the API keys: what each may do, until when, and when it was last used. Times are those of the campus."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ApiKey.objects.with_last_use().prefetch_related("organizations").order_by("name", "id")
        rows = [row(key) for key in keys]
        if not rows:
            self.stderr.write("There are no API keys. create_api_key makes one.", self.style.NOTICE)
            return
        for line in table([COLUMNS, *rows]):
            self.stdout.write(line)


def row(key: ApiKey) -> tuple[str, ...]:
    used = key.last_used_at  # type: ignore[attr-defined]  # annotated
    return (
        *(key.prefix, printable(key.name), key.kind, key.audience),
        "; ".join(format_limits(key)) or "-",
        f"{key.rate}/min",
        format_instant(key.created_at),
        last_day(key.expires_at) if key.expires_at else "never",
        format_instant(key.revoked_at) if key.revoked_at else "-",
        format_instant(used) if used else "never",
    )


def format_limits(key: ApiKey) -> list[str]:
    """Labels of what narrows or widens a key besides its audience."""
    numbers = ", ".join(str(limit.organization_id) for limit in key.organizations.all())
    states = {
        "reads reflections": key.may_read_reflections,
        f"organizations {numbers}" if numbers else "no organization": key.is_limited,
        f"from {', '.join(key.networks)}": key.networks,
        f"bound to {key.bound_to}": key.bound_to,
        "takes MD5": key.allow_md5,
    }
    return [state for state, applies in states.items() if applies]


def last_day(expires_at: dt.datetime) -> str:
    """The last day on campus that a key works; with the time, where it ends within a day."""
    end = expires_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if end.time() == dt.time():
        return (end.date() - dt.timedelta(days=1)).isoformat()
    return format_instant(expires_at)


def format_instant(instant: dt.datetime) -> str:
    return instant.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")


def printable(name: str) -> str:
    """A name on one line, whoever wrote it."""
    return "".join(char if char.isprintable() else "?" for char in name)


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their columns aligned."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
