"""Matching: find the account of a member of a course by SIS id or e-mail address, never by name.

What the LMS discloses now decides. If that finds nobody, the account that was recognized under the same LMS id before
is used: an LMS never gives the id of a person to another, and may stop disclosing an address at any time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models.functions import Lower

from lti.models import CourseLink, Recognized
from roster.models import User
from roster.names import email_key

if TYPE_CHECKING:
    from lti.tool.course_roster import Member

BATCH = 5_000
"""Maximum values of one SQL IN."""

SIS_ID, EMAIL = Recognized.Way
IDENTIFIERS_BY_MATCHING: dict[str, tuple[str, ...]] = {
    CourseLink.Matching.SIS_ID_OR_EMAIL: (SIS_ID, EMAIL),
    CourseLink.Matching.SIS_ID: (SIS_ID,),
    CourseLink.Matching.EMAIL: (EMAIL,),
}
"""The identifiers that each kind of link uses, in this order. Matches stored by others do not count."""

NO_IDENTIFIER = "The LMS sends nothing to find this person by."
NO_MATCH = "No account here matches what the LMS sends."
AMBIGUOUS = "Several accounts here match what the LMS sends."
INACTIVE = "The account here is inactive."


@dataclass(frozen=True)
class Account:
    """An account of the campus, with the columns that matching compares."""

    pk: int
    sis_id: str
    campus_email: str
    status: str

    @property
    def is_retired(self) -> bool:
        return self.status == User.Status.INACTIVE


class Match(NamedTuple):
    """The account of a member, and the identifier that found it."""

    account: Account
    way: str
    """A `Recognized.Way`; "" if only a stored match was found."""


class Matcher:
    """Finds the accounts of members of a course."""

    def __init__(
        self,
        accounts: Iterable[Account],
        known: Mapping[str, Match],
        matching: str = CourseLink.Matching.SIS_ID_OR_EMAIL,
    ) -> None:
        """`known` has the stored matches, by LMS id."""
        self.known = known
        self.ways = IDENTIFIERS_BY_MATCHING[matching]
        self.by_sis_id, self.by_email = defaultdict[str, list[Account]](list), defaultdict[str, list[Account]](list)
        for account in accounts:
            self.by_sis_id[account.sis_id].append(account)
            self.by_email[email_key(account.campus_email)].append(account)

    def find(self, member: "Member") -> Match | str:
        """The match of a member, or the reason why there is none."""
        asked = [(way, found) for way in self.ways if (found := self.candidates(member, way)) is not None]
        for way, accounts in asked:
            if len(accounts) == 1:
                return Match(accounts[0], way)
        before = self.known.get(member.user_id)
        if before and before.way in self.ways:
            return Match(before.account, "")
        return AMBIGUOUS if any(accounts for _, accounts in asked) else NO_MATCH if asked else NO_IDENTIFIER

    def candidates(self, member: "Member", way: str) -> list[Account] | None:
        """Who has the SIS id, or the e-mail address, of a member; None if the LMS does not disclose it."""
        sis_id, email = sis_id_of(member), email_of(member)
        if way == SIS_ID:
            return best(self.by_sis_id[sis_id]) if sis_id else None
        disclosed = sis_id if SIS_ID in self.ways else ""
        return best(self.by_email[email], sis_id=disclosed) if email else None


def best(accounts: list[Account], *, sis_id: str = "") -> list[Account]:
    """The active accounts, else the unregistered, else the inactive ones; none with another SIS id than this one."""
    agreeing = [account for account in accounts if not (sis_id and account.sis_id and account.sis_id != sis_id)]
    for status in (User.Status.ACTIVE, User.Status.UNREGISTERED, User.Status.INACTIVE):
        if found := [account for account in agreeing if account.status == status]:
            return found
    return []


def sis_id_of(member: "Member") -> str:
    return (member.lis_person_sourcedid or "").strip()


def email_of(member: "Member") -> str:
    """The e-mail address, in the form in which addresses are compared."""
    return email_key((member.email or "").strip())


def build_matcher(link: CourseLink, members: list["Member"]) -> Matcher:
    """The matcher for these members, read with a fixed number of statements for each batch."""
    columns = ("pk", "sis_id", "campus_email", "status")
    sis_ids = {sis_id for member in members if (sis_id := sis_id_of(member))}
    emails = {email for member in members if (email := email_of(member))}
    addresses = User.objects.exclude(campus_email="").annotate(lower_email=Lower("campus_email"))
    found = {
        *rows(User.objects.all(), "sis_id", sis_ids, columns),
        *rows(addresses, "lower_email", emails, columns),
    }
    if not all(email.isascii() for email in emails):
        # Databases differ in how they lower-case letters beside ASCII, so all of the few such addresses are read.
        found |= {*addresses.filter(campus_email__regex=r"[^\x01-\x7f]").values_list(*columns)}
    before = Recognized.objects.filter(platform=link.course.platform)
    of_user = ("subject", "way", *(f"user__{column}" for column in columns))
    known = rows(before, "subject", {member.user_id for member in members}, of_user)
    return Matcher(
        [Account(*row) for row in sorted(found)],
        {subject: Match(Account(*row), way) for subject, way, *row in known},
        link.matching,
    )


def rows(queryset: Any, column: str, values: set[str], columns: tuple[str, ...]) -> list[Any]:
    """Columns of the rows that have one of these values."""
    asked = sorted(values)
    batches = (asked[first : first + BATCH] for first in range(0, len(asked), BATCH))
    return [row for batch in batches for row in queryset.filter(**{f"{column}__in": batch}).values_list(*columns)]
