import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand

from roster.models import ApiKey

COLUMNS = ("PREFIX", "NAME", "KIND", "AUDIENCE", "LIMITS", "RATE", "CREATED", "EXPIRES", "REVOKED", "LAST USE")


class Command(BaseCommand):
    """A table of all keys, including revoked ones. It has no secrets, because they are not stored in readable form."""

    help = "List the API keys, with their permissions, expiry and last use. Times are in the time zone of the campus."

    def handle(self, *args: Any, **options: Any) -> None:
        keys = ApiKey.objects.with_last_use().prefetch_related("organizations").order_by("name", "id")
        rows = [row(key) for key in keys]
        if not rows:
            self.stderr.write("There are no API keys. create_api_key creates one.", self.style.NOTICE)
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
    """Labels of the limits and extra permissions of a key, besides its audience."""
    numbers = ", ".join(str(limit.organization_id) for limit in key.organizations.all())
    states = {
        "reads reflections": key.may_read_reflections,
        f"organizations {numbers}" if numbers else "no organization": key.is_limited,
        f"from {', '.join(key.networks)}": key.networks,
        f"bound to {key.bound_to}": key.bound_to,
        "accepts MD5": key.allow_md5,
    }
    return [state for state, applies in states.items() if applies]


def last_day(expires_at: dt.datetime) -> str:
    """The last day on campus on which a key is valid; with the time, if it expires within a day."""
    end = expires_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if end.time() == dt.time():
        return (end.date() - dt.timedelta(days=1)).isoformat()
    return format_instant(expires_at)


def format_instant(instant: dt.datetime) -> str:
    return instant.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")


def printable(name: str) -> str:
    """A name without characters that cannot be printed, such as line breaks."""
    return "".join(char if char.isprintable() else "?" for char in name)


def table(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their columns aligned."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
