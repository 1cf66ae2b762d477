"""`manage.py sync_course`: the members of a linked course become members of the organization."""

import json
import logging
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from lti.models import CourseLink
from lti.sync.report import DRY_RUN, FAILED, SyncReport
from lti.sync.run import sync
from organizations.management.commands.list_api_keys import printable
from organizations.models import Organization
from roster.api.parameters import MAX_ID
from roster.names import search_key

logger = logging.getLogger("lti.sync")


class Command(BaseCommand):
    """Sync one organization and report people, or all organizations and report numbers."""

    help = (
        "Bring the memberships of an organization in line with the course that it is linked to. All or nothing; a "
        "second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "organization",
            nargs="?",
            metavar="ORGANIZATION",
            help="the id, short name or name of a linked organization",
        )
        parser.add_argument(
            "--all", action="store_true", help="every active link, one after the other; prints numbers and no names"
        )
        parser.add_argument("--dry-run", action="store_true", help="report what a sync would do, and write nothing")
        parser.add_argument(
            "--allow-ends",
            action="store_true",
            help="allow it to end any number of memberships, where it would stop otherwise",
        )
        parser.add_argument("--json", action="store_true", help="print the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["organization"]) == options["all"]:
            raise CommandError("Name the organization to sync, by id, short name or name; or sync --all.")
        if options["all"] and options["allow_ends"]:
            raise CommandError("--allow-ends is decided for one organization at a time, and does not go with --all.")
        if options["all"]:
            self.sync_all(options)
        else:
            self.sync_one(link_of(options["organization"]), options)

    def sync_one(self, link: CourseLink, options: dict[str, Any]) -> None:
        report = sync(link, at=timezone.now(), dry_run=options["dry_run"], allow_ends=options["allow_ends"])
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2))
        else:
            self.stdout.write("\n".join(map(printable, report.lines())))
        if not report.is_done:
            raise CommandError(report.reason)

    def sync_all(self, options: dict[str, Any]) -> None:
        """Sync every active link. A failure does not stop the others."""
        reports = []
        for link in CourseLink.objects.in_force().with_parts().in_order():
            report = self.tried(link, dry_run=options["dry_run"])
            reports.append(report)
            if not report.is_done:
                self.stderr.write(f"{printable(report.title)}: {report.reason}")
            elif not options["json"]:
                self.stdout.write(f"{printable(report.title)}: {report.summary()}")
        if options["json"]:
            self.stdout.write(json.dumps([report.as_json(with_people=False) for report in reports], indent=2))
        elif options["dry_run"]:
            self.stdout.write(DRY_RUN)
        failed = sum(not report.is_done for report in reports)
        if failed:
            raise CommandError(f"{failed:,} of {len(reports):,} linked organizations were not synced.")

    @staticmethod
    def tried(link: CourseLink, *, dry_run: bool) -> SyncReport:
        try:
            return sync(link, at=timezone.now(), dry_run=dry_run)
        except Exception as error:
            logger.exception("A sync failed", extra={"fields": {"link": link.pk}})
            return SyncReport(link, dry_run).stop(
                f"It failed unexpectedly ({type(error).__name__}); see the log.", FAILED
            )


def link_of(text: str) -> CourseLink:
    """The link of a named organization. CommandError unless exactly one linked organization has this name."""
    links: list[CourseLink] = list(CourseLink.objects.with_parts().in_order())
    number = int(text) if text.isascii() and text.isdigit() else None
    for link in links:
        if link.organization_id == number:
            return link
    named = [link for link in links if search_key(text.strip()) in link_names(link.organization)]
    if len(named) == 1:
        return named[0]
    if named:
        ids = ", ".join(str(link.organization_id) for link in named)
        raise CommandError(f"Several linked organizations are called {text}. Name one by its id: {ids}.")
    known = Organization.objects.filter(pk=number) if number is not None and number <= MAX_ID else []
    for organization in known:
        raise CommandError(f"{organization.name} is linked to no course. Link it in the admin, under Course links.")
    raise CommandError(f"No linked organization has the id, short name or name {text}.")


def link_names(organization: Organization) -> set[str]:
    """The search keys of an organization's names."""
    return {search_key(name) for name in (organization.name, organization.short_name) if name}
