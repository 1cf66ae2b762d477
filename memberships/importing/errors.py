"""The errors in the records of an import, with their locations."""

from typing import NamedTuple

MAX_SHOWN = 50
"""Errors that are listed in full; further ones are only counted."""


class InvalidValue(ValueError):
    """An invalid source or value. The message is a sentence about what is needed."""


class RecordLocation(NamedTuple):
    """Where a record is: the number of its source, and its number in that source, counted from 1."""

    source: int
    record: int


class ImportErrors:
    """The errors of an import, in the order in which they were found."""

    def __init__(self) -> None:
        self.names: list[str] = []
        """Names of the sources by their numbers, to report locations."""
        self.shown: list[str] = []
        self.count = 0

    def add(self, where: RecordLocation, field: str, sentence: str) -> None:
        """Report an error in a field of a record."""
        self.add_to_source(f"{self.names[where.source]}, record {where.record}, {field}: {sentence}")

    def add_to_source(self, sentence: str) -> None:
        """Report an error in a whole source; the sentence names the source."""
        self.count += 1
        if len(self.shown) < MAX_SHOWN:
            self.shown.append(sentence)

    def __str__(self) -> str:
        lines = [*self.shown]
        if self.count > len(lines):
            lines.append(f"and {self.count - len(lines):,} more.")
        return "\n".join(lines)
