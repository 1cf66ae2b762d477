"""Writes what a plan says, in bulk, and who was recognized."""

import datetime as dt
from collections.abc import Iterator

from lti.models import CourseLink, LearningPlatform, Recognized, SyncedMembership
from lti.sync.diff import DesiredMembers, SyncDiff
from lti.sync.matching import BATCH, SIS_ID, Match, Matcher
from lti.sync.positions import TemplatePositions
from memberships.models import Membership

MAX_SUBJECT_LENGTH = 255
"""Characters of an id in an LMS that is remembered: LTI has no longer ones."""


def apply_diff(link: CourseLink, made: SyncDiff, seats: TemplatePositions, *, on: dt.date) -> None:
    """Write a plan: new memberships begin on the day `on`, and those that end have it as their last."""
    positions = {template_id: seats.make(template_id) for template_id in sorted({row.template_id for row in made.new})}
    new = [
        Membership(user_id=assignment.user_id, position=positions[assignment.template_id], recorded_start=on)
        for assignment in made.new
    ]
    for membership in new:
        membership.set_default_flags()
    if new:
        Membership.objects.bulk_create(new, batch_size=BATCH)
        owned = [SyncedMembership(membership=membership, link=link) for membership in new]
        SyncedMembership.objects.bulk_create(owned, batch_size=BATCH)
    ended = [row.membership_id for row in made.ends]
    for batch in batches(ended):
        Membership.objects.filter(pk__in=batch).end(on=on)
    for batch in batches([*ended, *made.closes]):
        link.memberships.filter(pk__in=batch).update(is_open=False)


def store_matches(platform: LearningPlatform, desired: DesiredMembers, people: Matcher) -> None:
    """Remember who is who, for the day on which the LMS tells less."""
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
    """Is it more than was known? The SIS id says more than an address."""
    if before is None or not match.way:
        return bool(match.way)
    return match.account.pk != before.account.pk or (match.way == SIS_ID and before.way != SIS_ID)


def batches(ids: list[int]) -> Iterator[list[int]]:
    """Ids in pieces that a statement can hold."""
    for first in range(0, len(ids), BATCH):
        yield ids[first : first + BATCH]
