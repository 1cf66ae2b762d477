"""The report of an import."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from memberships.importing.engage.record_kinds import RecordKind
from memberships.importing.upsert import RowCounts

MAX_NAMED = 5
"""Maximum number of examples in a note."""

REFERENCE_TABLES = ("position templates", "position types", "organization types", "categories")
ROWS = (
    *(kind.plural for kind in (RecordKind.MEMBERSHIP, RecordKind.ORGANIZATION, RecordKind.POSITION, RecordKind.USER)),
    *REFERENCE_TABLES,
)


@dataclass
class Examples:
    """A number of rows, with some examples."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < MAX_NAMED:
            self.examples.append(example)

    def __str__(self) -> str:
        more = ", ..." if self.count > len(self.examples) else ""
        return ", ".join(self.examples) + more


class ImportReport:
    """Counts by kind, and notes about what is not stored as given."""

    def __init__(self, *, dry_run: bool = False) -> None:
        self.dry_run = dry_run
        self.counts = {name: RowCounts() for name in ROWS}
        self.ignored: Counter[tuple[RecordKind, str]] = Counter()
        self.odd: Counter[str] = Counter()
        self.repeated = 0
        self.left_out = Examples()
        self.differing = Examples()
        self.without_username = Examples()
        self.other_type = Examples()
        self.renamed: list[str] = []
        """A sentence for each account with a new username."""
        self.merged: list[str] = []
        """A sentence for each account that was merged into another."""
        self.notes: list[str] = []

    @property
    def changed_nothing(self) -> bool:
        return not any(count.created or count.changed or count.made for count in self.counts.values())

    def lines(self) -> Iterable[str]:
        yield f"{'':20}{'created':>12}{'changed':>12}{'unchanged':>12}{'from references':>18}"
        for name, count in self.counts.items():
            yield (f"{name:20}{count.created:>12,}{count.changed:>12,}{count.unchanged:>12,}{count.made:>18,}")
        yield from self.about_records()
        yield from self.notes
        if self.changed_nothing:
            yield "Nothing has changed: the roster has all of this already."
        elif self.dry_run:
            yield "This was a dry run: nothing was written."

    def about_records(self) -> Iterable[str]:
        """The notes, one sentence each."""
        yield from self.renamed
        yield from self.merged
        if self.ignored:
            keys = (f"{key} of {count:,} {kind.plural}" for (kind, key), count in sorted(self.ignored.items()))
            yield f"Not stored, because this server has no such fields: {', '.join(keys)}."
        if self.odd:
            fields = (f"{count:,} in {name}" for name, count in sorted(self.odd.items()))
            yield f"Invalid e-mail or web addresses, stored unchanged: {', '.join(fields)}."
        if self.repeated:
            yield f"Given more than once, with the last one stored: {self.repeated:,} records."
        if self.left_out.count:
            yield (
                f"Left out: {self.left_out.count:,} positions that name no organization or template and that no "
                f"membership describes ({self.left_out})."
            )
        if self.differing.count:
            yield (
                f"Described differently from the stored data, and not changed: {self.differing.count:,} "
                f"({self.differing}). Only their own records change them."
            )
        if self.without_username.count:
            yield (
                f"Without a username: {self.without_username.count:,} people ({self.without_username}). They have "
                "such a placeholder until a record contains their username."
            )
        if self.other_type.count:
            yield (
                f"Of another type than their template's default, stored as given: {self.other_type.count:,} positions "
                f"({self.other_type})."
            )
