"""A program that copies: it follows `Link: rel="next"` from the first page to the last."""

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean
from typing import Self
from urllib.parse import urlsplit

from bench.calls import WHOLE, changed, whole
from bench.load import Caller
from bench.progress import tell
from bench.servers import Running

NEXT = re.compile(r'<([^>]+)>; rel="next"')
ITEM = b'{"membershipId":'


class Incomplete(Exception):
    """A copy that lacks rows, or has some twice."""


@dataclass(frozen=True)
class Copy:
    """What a copy took."""

    rows: int
    page_seconds: list[float]

    @property
    def seconds(self) -> float:
        return sum(self.page_seconds)

    @property
    def pages(self) -> int:
        return len(self.page_seconds)

    @property
    def ends(self) -> float:
        """How many times as long the last pages take as the first ones."""
        few = min(5, self.pages)
        return mean(self.page_seconds[-few:]) / mean(self.page_seconds[:few])

    @property
    def steepness(self) -> float:
        """How many times as long the last tenth of the pages takes as the first tenth."""
        tenth = max(self.pages // 10, 1)
        return mean(self.page_seconds[-tenth:]) / mean(self.page_seconds[:tenth])


@dataclass(frozen=True)
class Copies:
    """Everything of a campus, copied in three ways."""

    by_number: Copy
    by_cursor: Copy
    modified: Copy
    """What changed since, by cursor."""

    @classmethod
    def of(cls, running: Running) -> Self:
        campus = running.campus
        tell(f"walking through {campus.size.title} memberships by page number")
        by_number = copy_by_number(running, whole(campus), campus.seen)
        tell(f"copying {campus.size.title} memberships by cursor")
        by_cursor = copy(running, WHOLE, campus.seen)
        return cls(by_number, by_cursor, copy(running, changed(campus), campus.modified))


def copy(running: Running, path: str, rows: int) -> Copy:
    """Copy a list of so many rows by its links, from its first page on. Incomplete when it has another number."""
    caller = Caller(running)
    seconds, found = [], 0
    following: str | None = path
    while following:
        started = time.perf_counter()
        body, headers = caller.get(following)
        seconds.append(time.perf_counter() - started)
        found += body.count(ITEM)
        link = NEXT.search(headers.get("link", ""))
        following = None if link is None else "{0.path}?{0.query}".format(urlsplit(link[1]))
    return complete(running, Copy(found, seconds), rows)


def copy_by_number(running: Running, paths: Iterable[str], rows: int) -> Copy:
    """Copy a list of so many rows by the numbers of its pages. Incomplete when it has another number."""
    caller = Caller(running)
    seconds, found = [], 0
    for path in paths:
        started = time.perf_counter()
        body, _ = caller.get(path)
        seconds.append(time.perf_counter() - started)
        found += body.count(ITEM)
        if f'"totalItems":{rows},'.encode() not in body[:100]:
            raise Incomplete(f"{running.contender.title}: {path} does not tell the total of {rows}.")
    return complete(running, Copy(found, seconds), rows)


def complete(running: Running, copy: Copy, rows: int) -> Copy:
    if copy.rows != rows:
        raise Incomplete(f"{running.contender.title}: a copy has {copy.rows} rows instead of {rows}.")
    return copy
