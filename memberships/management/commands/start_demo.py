import datetime as dt
import json
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from organizations.models import Organization
from roster.models import ApiKey, User
from roster.privacy import Level

FIXTURE = Path("fixtures") / "campus.json"
ADMINISTRATOR = "demo"
KEY_NAME = "Demo: "
"""The beginning of the names of demo keys, by which expired ones are found and removed."""

DAYS = 7
"""Days for which a demo key is valid."""

WELCOME = """
This is a DEMO of Campus Roster: invented people, keys on the screen, no TLS. Do not enter real people.

  API      {site}/api/
  Its docs {site}/api/docs/
  Admin    {site}/admin/  username {administrator}, password {password}

  New keys, valid for {days} days:
    public  {public}
    campus  {campus}
    staff   {staff}  (also reads reflections)

  Paste this for the first call; docs/demo-campus.md describes these people:

    curl -H 'Authorization: Bearer {campus}' '{site}/api/memberships?currentMembershipsOnly=true&pageSize=3'

Ctrl-C stops it. `make run` starts it again with the same data.
"""


class Command(BaseCommand):
    help = (
        "Prepare the demo that `make run` serves: load the demo campus into an empty database, create an "
        "administrator and keys, and print how to use them. Only if the setting DEMO is true."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "This is not a demo: DEMO is not true. On a real site, create keys with create_api_key, and the first "
                "administrator with createsuperuser."
            )
        if not settings.DEMO_PASSWORD:
            raise CommandError(
                "DEMO_PASSWORD is not set: the demo's administrator needs a password. Add a line "
                "DEMO_PASSWORD=... to .env, or remove that file: `make run` writes a new one."
            )
        with transaction.atomic():
            if not Organization.objects.exists():
                load_campus(settings.BASE_DIR / FIXTURE)
                self.stdout.write("Loaded the demo campus.")
            ensure_administrator(settings.DEMO_PASSWORD)
            keys = fresh_keys(on=timezone.now())
        texts = {"administrator": ADMINISTRATOR, "password": settings.DEMO_PASSWORD, "days": DAYS, **keys}
        self.stdout.write(WELCOME.format(site=settings.SITE_URL, **texts))


def load_campus(fixture: Path) -> None:
    """Load the demo campus. CommandError if it would overwrite rows, because the fixture has fixed ids."""
    records = json.loads(fixture.read_text(encoding="utf-8"))
    try:
        for label, group in groupby(records, lambda record: record["model"]):
            model = apps.get_model(label)
            if model._default_manager.filter(pk__in=[record["pk"] for record in group]).exists():
                raise IntegrityError(f"{model._meta.verbose_name_plural} of the same ids")
        call_command("loaddata", fixture, verbosity=0)
    except IntegrityError as error:
        raise CommandError(
            "The database has no organizations, but other rows that the demo campus would overwrite. Nothing was "
            "loaded. Use an empty database: DATABASE_URL=sqlite:///demo.sqlite3 make run"
        ) from error


def ensure_administrator(password: str) -> None:
    """Create the demo's administrator, or reset the password to the one that is printed."""
    user = User.objects.filter(username_folded=ADMINISTRATOR).first()
    if user is None:
        user = User(username=ADMINISTRATOR, first_name="Demo", last_name="Administrator", affiliation="Staff")
        user.is_staff = user.is_superuser = True
    elif not (user.is_superuser and user.is_staff):
        raise CommandError(
            f"The username {ADMINISTRATOR} belongs to somebody who is not an administrator, so the demo cannot use it. "
            "Use another database: DATABASE_URL=sqlite:///demo.sqlite3 make run"
        )
    if user._state.adding or not user.is_active or not user.check_password(password):
        user.status = User.Status.ACTIVE
        user.set_password(password)
        user.save()


def fresh_keys(*, on: dt.datetime) -> dict[str, str]:
    """The texts of a new key for each audience, by audience. Demo keys that have expired are removed."""
    ApiKey.objects.filter(name__startswith=KEY_NAME, expires_at__lte=on).delete()
    expires = on + dt.timedelta(days=DAYS)
    return {
        level.value: ApiKey.create_bearer(
            f"{KEY_NAME}{level.label.lower()}",
            audience=level.value,
            may_read_reflections=level == Level.STAFF,
            expires_at=expires,
        )[1]
        for level in Level
    }
