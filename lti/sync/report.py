"""The report of a sync or dry run, as text, page or JSON. It names people, so it is for staff only."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lti import roles
from lti.models import CourseLink, CourseSync

if TYPE_CHECKING:
    from lti.tool.course_roster import Member

MAX_NAMED = 20
"""How many people of each kind a report as text names."""
MAX_SHOWN = 1_000
"""How many people of each kind a page names."""

DRY_RUN = "This was a dry run: nothing was written."

DONE, STOPPED, FAILED = CourseSync.Outcome.DONE, CourseSync.Outcome.STOPPED, CourseSync.Outcome.FAILED


@dataclass(frozen=True)
class Entry:
    """A person in a position."""

    user_id: int
    person: str
    position: str

    def __str__(self) -> str:
        return f"{self.person}, {self.position}"


@dataclass(frozen=True)
class Unmatched:
    """A member of the course without an account here, with what the LMS discloses."""

    lms_user_id: str
    name: str
    email: str
    sis_id: str
    why: str

    @classmethod
    def of(cls, member: "Member", why: str) -> "Unmatched":
        name = member.name or " ".join(filter(None, (member.given_name, member.family_name)))
        return cls(member.user_id, name, member.email or "", member.lis_person_sourcedid or "", why)

    def __str__(self) -> str:
        described = ", ".join(filter(None, (self.name, self.email, self.sis_id and f"SIS id {self.sis_id}")))
        return f"{described or 'somebody'} (LMS user {self.lms_user_id}): {self.why}"


class ReportRow(NamedTuple):
    """One line of a report: a number, what it counts, and names."""

    number: int
    what: str
    named: list[str] = []

    def first_names(self, most: int) -> list[str]:
        """At most `most` names, and how many more there are."""
        more = len(self.named) - most
        return self.named if more <= 0 else [*self.named[:most], f"... and {more:,} more"]

    @property
    def shown(self) -> list[str]:
        """The names that a page shows."""
        return self.first_names(MAX_SHOWN)


@dataclass
class SyncReport:
    """The result of a sync."""

    link: CourseLink
    dry_run: bool = False
    outcome: CourseSync.Outcome = DONE
    reason: str = ""
    """Why nothing was written."""
    may_be_allowed: bool = False
    """Was it stopped only because too many memberships would end?"""
    members: int = 0
    added: list[Entry] = field(default_factory=list)
    ended: list[Entry] = field(default_factory=list)
    left_out: list[Entry] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    kept: int = 0
    already_there: int = 0
    unmapped: int = 0
    unmapped_roles: Counter[str] = field(default_factory=Counter)
    positions_made: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{self.link.organization} from {self.link.course}, {self.link.course.platform}"

    def stop(self, reason: str, outcome: CourseSync.Outcome = STOPPED) -> "SyncReport":
        """Set why nothing was written."""
        self.outcome, self.reason = outcome, reason
        return self

    @property
    def is_done(self) -> bool:
        return self.outcome == DONE

    @property
    def counts(self) -> dict[str, int]:
        """The numbers, by the columns of `CourseSync`."""
        return {
            "members": self.members,
            "added": len(self.added),
            "kept": self.kept,
            "already_there": self.already_there,
            "ended": len(self.ended),
            "left_out": len(self.left_out),
            "unmatched": len(self.unmatched),
            "unmapped": self.unmapped,
        }

    def summary(self) -> str:
        """The numbers in one line: “44 in the course, 3 added, 41 kept”."""
        numbers = [f"{number:,} {name.replace('_', ' ')}" for name, number in self.counts.items() if number]
        return ", ".join([f"{self.members:,} in the course", *numbers[bool(self.members) :]])

    @property
    def rows(self) -> list["ReportRow"]:
        """The rows of the report."""
        would = "would be " if self.dry_run or not self.is_done else ""
        return [
            ReportRow(self.members, "in the course"),
            ReportRow(len(self.added), f"{would}added", list(map(str, self.added))),
            ReportRow(self.kept, "kept"),
            ReportRow(self.already_there, "already there"),
            ReportRow(len(self.ended), f"{would}ended", list(map(str, self.ended))),
            ReportRow(len(self.left_out), "left out: taken off the roster by hand", list(map(str, self.left_out))),
            ReportRow(len(self.unmatched), "unmatched: nobody was made for them", list(map(str, self.unmatched))),
            ReportRow(self.unmapped, "unmapped", roles_text(self.unmapped_roles)),
            ReportRow(len(self.positions_made), f"positions {would}made", self.positions_made),
        ]

    def lines(self, *, most: int = MAX_NAMED) -> Iterator[str]:
        """The report as text, without the reason why nothing was written."""
        yield self.title
        for row in self.rows if self.outcome != FAILED else ():
            yield f"  {row.number:,} {row.what}"
            yield from (f"    {name}" for name in row.first_names(most))
        if self.dry_run:
            yield DRY_RUN

    def as_json(self, *, with_people: bool = True) -> dict[str, Any]:
        """The report for programs; on request without people."""
        people = {
            name: [vars(entry) for entry in getattr(self, name)] for name in ("added", "ended", "left_out", "unmatched")
        }
        return {
            "organization": {"id": self.link.organization_id, "name": self.link.organization.name},
            "course": {"id": self.link.course_id, "title": str(self.link.course)},
            "dry_run": self.dry_run,
            "outcome": self.outcome.value,
            "why": self.reason,
            "counts": self.counts,
            **({"people": people} if with_people else {}),
            "unmapped_roles": dict(self.unmapped_roles),
            "positions_made": self.positions_made,
        }


def roles_text(counted: Mapping[str, int]) -> list[str]:
    return [f"{roles.short_name(role)}: {number:,}" for role, number in sorted(counted.items())]
