import datetime as dt
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, IntegrityError
from tqdm import tqdm

from memberships.synthetic.generator import CampusSpec, write_campus
from organizations.models import Organization

REFERENCE_DATE = "2026-10-01"
"""Fixed, so that a seed gives the same campus on every day."""

FIRST_DAY, LAST_DAY = dt.date(1950, 1, 1), dt.date(2200, 1, 1)


class Command(BaseCommand):
    help = (
        "Write a synthetic campus of any size, with eight years of memberships, for tests and measurements. The same "
        "numbers, seed and day give the same campus. All of it is written, or nothing. Nobody in it can sign in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--users", metavar="N", default="2000", help="Number of people (default: 2000).")
        parser.add_argument(
            "--organizations", metavar="N", default="100", help="Number of organizations (default: 100)."
        )
        parser.add_argument(
            "--memberships", metavar="N", default="20000", help="Number of memberships (default: 20000)."
        )
        parser.add_argument(
            "--seed", metavar="S", default="1", help="A number. Each one gives a different campus (default: 1)."
        )
        parser.add_argument(
            "--today",
            metavar="DATE",
            default=REFERENCE_DATE,
            help=f"The day that the campus takes as today (default: {REFERENCE_DATE}, on every day).",
        )
        parser.add_argument(
            "--append",
            action="store_true",
            help="Add to the existing organizations. Without it, a database that has organizations is refused.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        plan = CampusSpec(
            users=whole_number("--users", options["users"], 1, 10_000_000),
            organizations=whole_number("--organizations", options["organizations"], 1, 1_000_000),
            memberships=whole_number("--memberships", options["memberships"], 0, 100_000_000),
            seed=whole_number("--seed", options["seed"], 0, 10**18),
            today=day("--today", options["today"]),
        )
        started = time.monotonic()
        try:
            if not options["append"] and Organization.objects.exists():
                raise CommandError(
                    "This database already has organizations, and nothing was written. Use --append to add a campus "
                    "to them, or use an empty database: DATABASE_URL=..."
                )
            total = plan.users + plan.organizations + plan.memberships
            with tqdm(
                total=total, unit=" rows", unit_scale=True, disable=None if options["verbosity"] else True
            ) as bar:
                write_campus(plan, bar.update)
        except IntegrityError as error:
            raise CommandError(
                f"Nothing was written: there is a conflict with an existing row, or somebody wrote at the same time "
                f"({first_line(error)}). Run the command again, or on an empty database."
            ) from error
        except DatabaseError as error:
            raise CommandError(
                f"Nothing was written: {first_line(error)}. Does the database answer, and was `migrate` run?"
            ) from error
        if options["verbosity"]:
            self.stdout.write(
                f"Wrote {plan.users:,} people, {plan.organizations:,} organizations and {plan.memberships:,} "
                f"memberships in {time.monotonic() - started:.0f} seconds (seed {plan.seed}, as of {plan.today})."
            )


def whole_number(option: str, given: Any, low: int, high: int) -> int:
    """The number given for an option. CommandError if it is not a number from `low` to `high`."""
    text = str(given)
    if not (text.isascii() and text.isdigit() and len(text) < 20 and low <= int(text) <= high):
        raise CommandError(f"{option} is {text!r}; give a whole number from {low:,} to {high:,}, without separators.")
    return int(text)


def day(option: str, given: Any) -> dt.date:
    """The day given for an option. CommandError if it is not a day from FIRST_DAY to LAST_DAY."""
    try:
        date = dt.date.fromisoformat(str(given))
    except ValueError:
        date = None
    if date is None or not FIRST_DAY <= date <= LAST_DAY:
        raise CommandError(
            f"{option} is {str(given)!r}; give a day from {FIRST_DAY} to {LAST_DAY}, such as {REFERENCE_DATE}."
        )
    return date


def first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")
