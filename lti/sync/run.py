"""A sync: read the course, lock the link, compare, write, store the run."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from lti.models import CourseLink, CourseSync
from lti.models.course_sync import RETENTION
from lti.sync.diff import (
    Assignment,
    CurrentMembership,
    DesiredMembers,
    RemovedMembership,
    RoleMapping,
    SyncDiff,
    compute_diff,
    desired_members,
    threshold_error,
)
from lti.sync.matching import BATCH, INACTIVE, build_matcher
from lti.sync.positions import NoPosition, TemplatePositions
from lti.sync.report import FAILED, Entry, SyncReport, Unmatched
from lti.sync.upsert import apply_diff, store_matches
from lti.tool.course_roster import Member, members
from lti.tool.unavailable import CourseUnavailable
from memberships.models import Membership
from roster.batches import batched
from roster.models import User

logger = logging.getLogger("lti.sync")


def sync(
    link: CourseLink,
    *,
    at: dt.datetime,
    by: User | None = None,
    dry_run: bool = False,
    allow_ends: bool = False,
) -> SyncReport:
    """Bring the memberships of a linked organization in line with its course, all or nothing.

    `at` is the present instant; `by` the person who started it, None for the command. `allow_ends` lets any number end.
    """
    try:
        found = list(members(link.course))  # outside of the transaction: it may take long
        with transaction.atomic():
            report = SyncRun(link, found, at, dry_run).execute(allow_ends=allow_ends)
            if not dry_run:
                store_run(report, at=at, by=by, allow_ends=allow_ends)
            return report
    except CourseUnavailable as error:
        report = SyncReport(link, dry_run).stop(str(error), FAILED)
    except NoPosition as error:
        report = SyncReport(link, dry_run).stop(str(error))
    except DatabaseError as error:
        logger.exception("A sync failed", extra={"fields": {"link": link.pk}})
        reason = f"The database failed, and took everything back ({type(error).__name__})."
        report = SyncReport(link, dry_run).stop(reason, FAILED)
    if not dry_run:
        store_run(report, at=at, by=by, allow_ends=allow_ends)
    return report


def store_run(report: SyncReport, *, at: dt.datetime, by: User | None, allow_ends: bool) -> None:
    """Store a run, and delete old runs."""
    report.link.syncs.delete_before(at - RETENTION)
    CourseSync.objects.create(
        link=report.link,
        begun_at=at,
        by=by,
        outcome=report.outcome,
        reason=report.reason,
        allowed_ends=allow_ends,
        **report.counts,
    )


class SyncRun:
    """One sync, inside its transaction."""

    def __init__(self, link: CourseLink, found: list[Member], at: dt.datetime, dry_run: bool) -> None:
        links = CourseLink.objects.with_parts()
        self.link: CourseLink = (links if dry_run else links.locked()).get(pk=link.pk)
        self.read_from = link.course_id
        self.found = found
        self.at = at
        self.on = timezone.localdate(at)
        self.dry_run = dry_run
        self.report = SyncReport(self.link, dry_run)

    def execute(self, *, allow_ends: bool) -> SyncReport:
        roles = list(self.link.roles.in_order().select_related("template"))
        mappings = [RoleMapping(row.role, row.template_id) for row in roles]
        if reason := self.refusal(mappings):
            return self.report.stop(reason)
        people = build_matcher(self.link, self.found)
        desired = desired_members(self.found, people, mappings)
        template_positions = TemplatePositions(self.link.organization, [row.template for row in roles])
        positions = {
            template_id: template_positions.find(template_id) for template_id in set(desired.template_ids.values())
        }
        ids = {template_id: position.pk if position else None for template_id, position in positions.items()}
        diff = compute_diff(desired, ids, self.current_memberships(), self.removed_memberships(), on=self.on)
        self.fill_report(desired, diff, template_positions)
        if not allow_ends and (reason := threshold_error(diff, desired, percent=self.link.most_ends)):
            self.report.may_be_allowed = True
            command = f"manage.py sync_course {self.link.organization_id} --allow-ends"
            return self.report.stop(
                f"{reason} Nothing was written. If the course is right, allow it: `{command}`, or the button of the "
                "report in the admin."
            )
        if not self.dry_run:
            apply_diff(self.link, diff, template_positions, on=self.on)
            store_matches(self.link.course.platform, desired, people)
        return self.report

    def refusal(self, mappings: list[RoleMapping]) -> str:
        """Why this link is not synced now; "" if it is."""
        organization = self.link.organization
        if not mappings:
            return "No role of the course has a position here. Add roles to the link."
        if self.link.course_id != self.read_from:
            return "The link was given another course meanwhile. Sync again."
        if self.dry_run:
            return ""
        if not self.link.is_active:
            return "The link is not active."
        if organization.status == organization.Status.INACTIVE:
            return f"{organization.name} is inactive. Reactivate it first."
        if self.link.syncs.done_since(self.at).exists():
            return "Another sync has read the course later than this one. There is nothing left to do."
        return ""

    # Stored memberships

    def current_memberships(self) -> Iterator[CurrentMembership]:
        """The organization's memberships that are current or yet to begin."""
        columns = ("pk", "user_id", "position_id", "recorded_start", "recorded_end")
        rows = Membership.objects.filter(position__organization=self.link.organization_id)
        rows = rows.not_deleted().not_past(on=self.on).order_by("pk")
        found = rows.values_list(*columns, "synced__link", "synced__is_open")
        for pk, user_id, position_id, start, end, link_id, is_open in found:
            yield CurrentMembership(pk, user_id, position_id, start, end, link_id == self.link.pk and bool(is_open))

    def removed_memberships(self) -> Iterable[RemovedMembership]:
        """Memberships that syncs keep, and that somebody has deleted or ended."""
        by_hand = Q(membership__recorded_end__lt=self.on) | Q(membership__deleted_at__isnull=False)
        rows = self.link.memberships.filter(by_hand, is_open=True).order_by("pk")
        return [
            RemovedMembership(*row) for row in rows.values_list("pk", "membership__user_id", "membership__position_id")
        ]

    # The report

    def fill_report(self, desired: DesiredMembers, diff: SyncDiff, template_positions: TemplatePositions) -> None:
        report = self.report
        names = template_positions.names({assignment.template_id for assignment in (*diff.new, *diff.left_out)})
        held = dict(self.link.organization.positions.values_list("pk", "name"))
        reported = {assignment.user_id for assignment in (*diff.new, *diff.left_out)} | {
            row.user_id for row in diff.ends
        }
        people = self.names(reported)

        def entries(assignments: list[Assignment]) -> list[Entry]:
            return [Entry(user_id, people[user_id], names[template_id]) for user_id, template_id in assignments]

        report.members = desired.members
        report.added, report.left_out = entries(diff.new), entries(diff.left_out)
        report.ended = [Entry(row.user_id, people[row.user_id], held[row.position_id]) for row in diff.ends]
        report.kept, report.already_there = len(diff.kept), len(diff.already_there)
        report.unmatched = [Unmatched.of(member, why) for member, why in desired.unmatched]
        inactive = {*diff.inactive}
        for member in self.found:
            match = desired.recognized.get(member.user_id)
            if match and match.account.pk in inactive:
                report.unmatched.append(Unmatched.of(member, INACTIVE))
        report.unmapped, report.unmapped_roles = desired.unmapped_members, desired.unmapped
        report.positions_made = sorted(
            names[template_id]
            for template_id in {assignment.template_id for assignment in diff.new}
            if not template_positions.find(template_id)
        )

    @staticmethod
    def names(user_ids: set[int]) -> dict[int, str]:
        columns = ("username", "first_name", "preferred_first_name", "last_name")
        rows = (User.objects.filter(pk__in=batch).only(*columns) for batch in batched(sorted(user_ids), BATCH))
        return {user.pk: str(user) for batch in rows for user in batch}
