"""Who of the campus is a member of a course: found by what the LMS tells, never by a name.

What the LMS tells today decides. Where that finds nobody, whoever was recognized under the same id before still is the
same person: an LMS gives the id of a person to nobody else, and may stop telling an address at any time.
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
"""Values of one IN."""

SIS_ID, EMAIL = Recognized.Way
IDENTIFIERS_BY_MATCHING: dict[str, tuple[str, ...]] = {
    CourseLink.Matching.SIS_ID_OR_EMAIL: (SIS_ID, EMAIL),
    CourseLink.Matching.SIS_ID: (SIS_ID,),
    CourseLink.Matching.EMAIL: (EMAIL,),
}
"""By what each kind of link finds people, in this order. What was remembered by another way does not count."""

NO_IDENTIFIER = "The LMS tells nothing to find this person by."
NO_MATCH = "Nobody here has what the LMS tells."
AMBIGUOUS = "Several people here have what the LMS tells."
INACTIVE = "The account here is inactive."


@dataclass(frozen=True)
class Account:
    """An account of the campus, as far as it is compared."""

    pk: int
    sis_id: str
    campus_email: str
    status: str

    @property
    def is_retired(self) -> bool:
        return self.status == User.Status.INACTIVE


class Match(NamedTuple):
    """Whom a member was found to be, and by what."""

    account: Account
    way: str
    """A `Recognized.Way`; "" for who is only remembered."""


class Matcher:
    """Finds the account of each member of a course."""

    def __init__(
        self,
        accounts: Iterable[Account],
        known: Mapping[str, Match],
        matching: str = CourseLink.Matching.SIS_ID_OR_EMAIL,
    ) -> None:
        """`known` has those recognized before, by the id that the LMS gives them."""
        self.known = known
        self.ways = IDENTIFIERS_BY_MATCHING[matching]
        self.by_sis_id, self.by_email = defaultdict[str, list[Account]](list), defaultdict[str, list[Account]](list)
        for account in accounts:
            self.by_sis_id[account.sis_id].append(account)
            self.by_email[email_key(account.campus_email)].append(account)

    def find(self, member: "Member") -> Match | str:
        """Who a member is, or a sentence that says why nobody."""
        asked = [(way, found) for way in self.ways if (found := self.candidates(member, way)) is not None]
        for way, accounts in asked:
            if len(accounts) == 1:
                return Match(accounts[0], way)
        before = self.known.get(member.user_id)
        if before and before.way in self.ways:
            return Match(before.account, "")
        return AMBIGUOUS if any(accounts for _, accounts in asked) else NO_MATCH if asked else NO_IDENTIFIER

    def candidates(self, member: "Member", way: str) -> list[Account] | None:
        """Who has the SIS id, or the e-mail address, of a member; None when it is not told."""
        sis_id, email = sis_id_of(member), email_of(member)
        if way == SIS_ID:
            return best(self.by_sis_id[sis_id]) if sis_id else None
        told = sis_id if SIS_ID in self.ways else ""
        return best(self.by_email[email], told=told) if email else None


def best(accounts: list[Account], *, told: str = "") -> list[Account]:
    """Those in use; else those never signed in with, else the retired. None of another SIS id than the one told."""
    agreeing = [account for account in accounts if not (told and account.sis_id and account.sis_id != told)]
    for status in (User.Status.ACTIVE, User.Status.UNREGISTERED, User.Status.INACTIVE):
        if found := [account for account in agreeing if account.status == status]:
            return found
    return []


def sis_id_of(member: "Member") -> str:
    return (member.lis_person_sourcedid or "").strip()


def email_of(member: "Member") -> str:
    """The e-mail address, as addresses compare."""
    return email_key((member.email or "").strip())


def build_matcher(link: CourseLink, members: list["Member"]) -> Matcher:
    """What the database knows of these members: a fixed number of statements for each few thousand."""
    columns = ("pk", "sis_id", "campus_email", "status")
    sis_ids = {sis_id for member in members if (sis_id := sis_id_of(member))}
    emails = {email for member in members if (email := email_of(member))}
    addresses = User.objects.exclude(campus_email="").annotate(lower_email=Lower("campus_email"))
    found = {
        *rows(User.objects.all(), "sis_id", sis_ids, columns),
        *rows(addresses, "lower_email", emails, columns),
    }
    if not all(email.isascii() for email in emails):
        # Databases differ in what they make lower-case beside ASCII letters. The few such addresses are all read.
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
