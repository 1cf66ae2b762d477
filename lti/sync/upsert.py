"""Write the diff of a sync, in bulk, and the recognized people."""

import datetime as dt

from lti.models import CourseLink, LearningPlatform, Recognized, SyncedMembership
from lti.sync.diff import DesiredMembers, SyncDiff
from lti.sync.matching import BATCH, SIS_ID, Match, Matcher
from lti.sync.positions import TemplatePositions
from memberships.models import Membership
from roster.batches import batched

MAX_SUBJECT_LENGTH = 255
"""Maximum characters of an id in an LMS, from the LTI specification. Longer ones are not stored."""


def apply_diff(link: CourseLink, diff: SyncDiff, template_positions: TemplatePositions, *, on: dt.date) -> None:
    """Write a diff: new memberships begin on the day `on`, and it is the last day of those that end."""
    positions = {
        template_id: template_positions.get_or_create(template_id)
        for template_id in sorted({row.template_id for row in diff.new})
    }
    new = [
        Membership(user_id=assignment.user_id, position=positions[assignment.template_id], recorded_start=on)
        for assignment in diff.new
    ]
    if new:
        Membership.objects.bulk_create(new, batch_size=BATCH)
        owned = [SyncedMembership(membership=membership, link=link) for membership in new]
        SyncedMembership.objects.bulk_create(owned, batch_size=BATCH)
    ended = [row.membership_id for row in diff.ends]
    for batch in batched(ended, BATCH):
        Membership.objects.filter(pk__in=batch).end(on=on)
    for batch in batched([*ended, *diff.closes], BATCH):
        link.memberships.filter(pk__in=batch).update(is_open=False)


def store_matches(platform: LearningPlatform, desired: DesiredMembers, people: Matcher) -> None:
    """Store who was recognized, for syncs in which the LMS discloses less."""
    new = [
        Recognized(platform=platform, subject=subject, user_id=match.account.pk, way=match.way)
        for subject, match in sorted(desired.recognized.items())
        if is_stronger_match(match, people.known.get(subject)) and len(subject) <= MAX_SUBJECT_LENGTH
    ]
    if new:
        Recognized.objects.bulk_create(
            new,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["platform", "subject"],
            update_fields=["user", "way", "first_at"],
        )


def is_stronger_match(match: Match, before: Match | None) -> bool:
    """Is the match better than the stored one? The SIS id counts more than an address."""
    if before is None or not match.way:
        return bool(match.way)
    return match.account.pk != before.account.pk or (match.way == SIS_ID and before.way != SIS_ID)
