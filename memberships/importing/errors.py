"""What is wrong with the records of an import, and where."""

from typing import NamedTuple

MAX_SHOWN = 50
"""Complaints that are told in full; of more, only the number."""


class InvalidValue(ValueError):
    """A source or a value that cannot be taken. Its text is a sentence that says what would do."""


class RecordLocation(NamedTuple):
    """The place of a record: the number of its source, and its own number in there, counted from 1."""

    source: int
    record: int


class ImportErrors:
    """What is wrong, in the order in which it was found."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """Names of the sources by their numbers, for telling places."""
        self.shown: list[str] = []
        self.count = 0

    def add(self, where: RecordLocation, field: str, sentence: str) -> None:
        """Complain about a field of a record."""
        self.add_to_source(f"{self.names[where.source]}, record {where.record}, {field}: {sentence}")

    def add_to_source(self, sentence: str) -> None:
        """Complain about a source as a whole; the sentence names it."""
        self.count += 1
        if len(self.shown) < MAX_SHOWN:
            self.shown.append(sentence)

    def __str__(self) -> str:
        lines = [*self.shown]
        if self.count > len(lines):
            lines.append(f"and {self.count - len(lines):,} more.")
        return "\n".join(lines)
