"""Detects accounts that were merged on the old site, and merges them here (docs/decisions/0054).

An account here was merged into another if a complete import does not mention it, and the record of the other account
has two of its identifiers, or the other account has its memberships.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from django.db.models import Q

from memberships.importing.engage.extract import Extraction
from memberships.importing.engage.record_kinds import RecordKind
from memberships.importing.engage.report import ImportReport
from memberships.importing.errors import InvalidValue
from memberships.importing.upsert import RecordValues
from memberships.models import Membership
from roster.account_merge import may_use_admin, move_references, retire_merged
from roster.models import User
from roster.names import email_key, search_key
from roster.querysets import FIRST_LOCAL_ID

IDENTIFIERS: dict[str, Callable[[str], str]] = {
    "username": search_key,
    "sis_id": str,
    "card_id": str,
    "campus_email": email_key,
}
"""Columns that identify a person, and how they are compared."""

MEMBERSHIPS = "memberships"
"""The evidence that memberships of one account belong to the other in this import."""

EVIDENCE = {
    **{field.name: str(field.verbose_name) for field in User._meta.fields if field.name in IDENTIFIERS},
    MEMBERSHIPS: MEMBERSHIPS,
}
"""How the report names the evidence of a merge."""

ENOUGH_IDENTIFIERS = 2


class Merge(NamedTuple):
    """An account that was merged into another."""

    survivor: int
    signs: list[str]
    """The evidence: columns, or the memberships."""
    username: str
    """The username of the merged account."""
    is_confidential: bool
    """Must the surviving account become confidential, because the merged one is and the record has no such value?"""


def is_complete(extraction: Extraction) -> bool:
    """Does this import contain all users of the site?

    It does if it has as many as the total in the responses, and at least half of the people here; with fewer, the list
    was probably filtered.
    """
    announced, users = extraction.users_announced, extraction.users
    return announced is not None and announced <= users and 2 * users >= active_people()


def active_people() -> int:
    """The number of accounts that may be imported and are not retired."""
    return int(User.objects.filter(pk__lt=FIRST_LOCAL_ID).exclude(status=User.Status.INACTIVE).count())


class MergeFinder:
    """Compares accounts that an import does not mention with the records of the import."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        known, read_ids = extraction.references.people, extraction.ids[RecordKind.USER]
        columns = ("pk", *IDENTIFIERS, "is_confidential", "is_staff", "is_superuser")
        people = User.objects.filter(pk__lt=FIRST_LOCAL_ID).only(*columns).order_by("pk").iterator()
        self.absent = {
            user.pk: user
            for user in people
            if user.pk not in known and user.pk not in read_ids and not may_use_admin(user)
        }
        self.by_identifier: dict[tuple[str, str], list[User]] = defaultdict(list)
        for user in self.absent.values():
            for column, key in IDENTIFIERS.items():
                if getattr(user, column):
                    self.by_identifier[column, key(getattr(user, column))].append(user)
        self.signs: dict[tuple[int, int], list[str]] = defaultdict(list)
        """The evidence that the first account was merged into the second, by their ids."""
        self.contradicted: set[tuple[int, int]] = set()
        self.speaks_of_confidentiality: set[int] = set()

    def find(self) -> dict[int, Merge]:
        """All certain merges, by the id of the merged account."""
        if not self.absent:
            return {}
        for number, values, _, is_last in self.extraction.records(RecordKind.USER):
            if is_last:
                self._compare(number, values)
        self._compare_memberships()
        found: dict[int, list[Merge]] = defaultdict(list)
        for (merged_id, survivor), signs in self.signs.items():
            is_certain = len(signs) >= ENOUGH_IDENTIFIERS and (merged_id, survivor) not in self.contradicted
            if is_certain or MEMBERSHIPS in signs:
                user = self.absent[merged_id]
                is_confidential = user.is_confidential and survivor not in self.speaks_of_confidentiality
                found[merged_id].append(Merge(survivor, signs, user.username, is_confidential))
        return {merged_id: merges[0] for merged_id, merges in found.items() if len(merges) == 1}

    def _compare(self, number: int, values: RecordValues) -> None:
        for column, key in IDENTIFIERS.items():
            text = values.get(column)
            for user in self.by_identifier.get((column, key(text)), ()) if text else ():
                self.signs[user.pk, number].append(column)
                if user.sis_id and values.get("sis_id") and user.sis_id != values["sis_id"]:
                    self.contradicted.add((user.pk, number))
        if "is_confidential" in values:
            self.speaks_of_confidentiality.add(number)

    def _compare_memberships(self) -> None:
        rows = Membership.objects.filter(user__in=self.absent).values_list("pk", "user_id", "position_id")
        kept = {number: (user_id, position_id) for number, user_id, position_id in rows}
        read_ids = self.extraction.ids[RecordKind.USER]
        for number, values, _, is_last in self.extraction.records(RecordKind.MEMBERSHIP) if kept else ():
            user_id, position_id = kept.get(number, (0, 0))
            survivor = values["user_id"]
            if is_last and position_id == values["position_id"] and survivor in read_ids:
                signs = self.signs[user_id, survivor]
                if MEMBERSHIPS not in signs:
                    signs.append(MEMBERSHIPS)


class MergeRefusals:
    """Says why an account here does not count as merged into another. Made before anything is written."""

    def __init__(self, extraction: Extraction) -> None:
        self.extraction = extraction
        self.is_complete = extraction.accept_merges and is_complete(extraction)
        staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True))
        self.staff = frozenset(staff.values_list("pk", flat=True))

    def reason(self, merged_id: int, survivor: int, otherwise: str) -> str:
        """The first reason that applies, or else this one."""
        read_ids = self.extraction.ids[RecordKind.USER]
        if merged_id in self.staff:
            return "An import merges no account that may use the admin."
        if not self.extraction.accept_merges:
            return (
                f"If user {merged_id} was merged into user {survivor}, give --accept-merges and the list of all users."
            )
        if merged_id in read_ids or merged_id in self.extraction.references.people:
            return f"User {merged_id} is in this import too, so it was not merged."
        if not self.is_complete:
            return "A merge is accepted only with the list of all users, in its envelopes."
        return otherwise if survivor in read_ids else f"User {survivor} has no record in this import."


def release_identifiers(merges: dict[int, Merge]) -> None:
    """Retire the merged accounts, so that other accounts can have their identifiers."""
    for user in User.objects.select_for_update(no_key=True).filter(pk__in=merges).order_by("pk"):
        if may_use_admin(user):
            raise InvalidValue(f"User {user.pk} got permission to use the admin meanwhile, and so is not merged.")
        retire_merged(user)


def move_merged_people(merges: dict[int, Merge], report: ImportReport) -> None:
    """Change the references about the people to the surviving accounts, and report it."""
    survivors = User.objects.in_bulk({merge.survivor for merge in merges.values()})
    for merged_id, merge in sorted(merges.items()):
        moved = move_references(merged_id, merge.survivor)
        survivor = survivors[merge.survivor]
        confidential = ""
        if merge.is_confidential and not survivor.is_confidential:
            survivor.is_confidential = True
            survivor.save(update_fields=["is_confidential"])
            confidential = " It is confidential now, as the other was."
        rows = ", ".join(f"{count:,} {name}" for name, count in moved.items()) or "nothing"
        same = ", ".join(EVIDENCE[each] for each in merge.signs)
        report.merged.append(
            f"User {merged_id}, {merge.username!r}, was merged into user {survivor.pk}, {survivor.username!r} "
            f"(the same {same}); moved: {rows}.{confidential}"
        )
    report.counts["users"].changed += len(merges)
