"""System checks of the settings, with ids, so that a mistake stops the start and not a request."""

import zoneinfo
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.compatibility)
def check_zones(**kwargs: Any) -> list[CheckMessage]:
    """roster.E001: a time zone that does not exist."""
    return [
        Error(
            f"{name} is {getattr(settings, name)!r}, which is no time zone.",
            hint="America/New_York is one.",
            id="roster.E001",
        )
        for name in ("TIME_ZONE", "WIRE_TIME_ZONE")
        if getattr(settings, name) not in zoneinfo.available_timezones()
    ]
