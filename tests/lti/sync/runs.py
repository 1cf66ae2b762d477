"""Syncs on days of the story."""

import datetime as dt
from typing import Any

from lti.models import CourseLink
from lti.sync.report import SyncReport
from lti.sync.run import sync
from memberships.models import Membership
from organizations.models import Organization
from roster.models import User

MONDAY, TUESDAY, WEDNESDAY = (dt.date(2025, 5, day) for day in (5, 6, 7))


def noon(day: dt.date) -> dt.datetime:
    """Noon of a day, by UTC, which is the same day on campus."""
    return dt.datetime.combine(day, dt.time(16), tzinfo=dt.UTC)


def run(link: CourseLink, day: dt.date = MONDAY, **options: Any) -> SyncReport:
    """A sync at noon of a day; `hour` makes it a later one."""
    at = noon(day) + dt.timedelta(hours=options.pop("hour", 0))
    return sync(CourseLink.objects.get(pk=link.pk), at=at, **options)


def held(organization: Organization, *people: User) -> list[tuple[str, str, str, str]]:
    """Who holds what since when until when, in the order in which it was written; of these people, or of all."""
    rows = Membership.objects.not_deleted().filter(position__organization=organization).order_by("pk")
    if people:
        rows = rows.filter(user__in=people)
    columns = ("user__username", "position__name", "recorded_start", "recorded_end")
    return [
        (username, name, start.isoformat(), end.isoformat() if end else "")
        for username, name, start, end in rows.values_list(*columns)
    ]
