"""Where records come from: files with recorded answers, or the pages that were pulled from a site."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from memberships.engage.complaints import Unreadable

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Source:
    """A file of records: an envelope with `items`, a bare list, or one bare object."""

    path: Path
    name: str

    @classmethod
    def of(cls, path: str | Path) -> "Source":
        return cls(Path(path), str(path))

    def records(self) -> Iterator[Any]:
        """The records in their order. Unreadable when it is no such file."""
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise Unreadable(f"{self.name} cannot be read: {error.strerror}.") from error
        try:
            data = orjson.loads(content.removeprefix(BYTE_ORDER_MARK))
        except orjson.JSONDecodeError as error:
            raise Unreadable(f"{self.name} is not JSON: {error}.") from error
        del content
        if isinstance(data, dict):
            data = data.get("items", [data])
        if not isinstance(data, list):
            raise Unreadable(f"{self.name} holds neither an answer with “items”, nor a list, nor an object.")
        yield from data
