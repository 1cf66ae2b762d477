"""The sources of records: files with recorded responses, or pages downloaded from a site."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from memberships.importing.errors import InvalidValue

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class ResponseItems(NamedTuple):
    """The records of one response of a site, or a record without an envelope."""

    items: list[Any]
    total: int | None
    """Number of records in the whole list; None if it is not given."""


@dataclass(frozen=True)
class Source:
    """A file of records: an envelope with `items`, a single record, or a list of envelopes and records."""

    path: Path
    name: str

    @classmethod
    def of(cls, path: str | Path) -> "Source":
        return cls(Path(path), str(path))

    def records(self) -> Iterator[Any]:
        """The records in order. InvalidValue if the file is not valid."""
        for answer in self.answers():
            yield from answer.items

    def answers(self) -> Iterator[ResponseItems]:
        """The responses in order. InvalidValue if the file is not valid."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise InvalidValue(f"{self.name} cannot be read: {error.strerror}.") from error
        try:
            data = orjson.loads(content.removeprefix(BYTE_ORDER_MARK))
        except orjson.JSONDecodeError as error:
            raise InvalidValue(f"{self.name} is not JSON: {error}.") from error
        del content
        answers = data if isinstance(data, list) else [data]
        for answer in answers:
            yield self._answer_of(answer, is_alone=answers is not data)

    def _answer_of(self, answer: Any, *, is_alone: bool) -> ResponseItems:
        """The items of an envelope, or the record itself. A list may contain envelopes of several pages."""
        items = answer.get("items", [answer]) if isinstance(answer, dict) else [answer]
        if not isinstance(items, list) or (is_alone and not isinstance(answer, dict)):
            raise InvalidValue(f"{self.name} contains neither a response with “items”, nor a list, nor an object.")
        total = answer.get("totalItems") if isinstance(answer, dict) else None
        return ResponseItems(items, total if type(total) is int else None)
