"""What is asked: the calls of a portal, and the walks of a program that copies."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.databases import Campus

LIST = "/api/memberships"


@dataclass(frozen=True)
class Call:
    """One kind of request, spread over what was drawn from a campus."""

    name: str
    title: str
    paths: Callable[[Campus], list[str]]


def asking(drawn: str, parameter: str, **others: str) -> Callable[[Campus], list[str]]:
    def paths(campus: Campus) -> list[str]:
        return [path(**{parameter: value}, **others) for value in campus.drawn[drawn]]

    return paths


def path(**parameters: object) -> str:
    return f"{LIST}?{urlencode(parameters)}"


ROSTER = Call("roster-100", "an organization's roster, page of 100", asking("organizations of 100", "organizationId"))
ROSTER_500 = Call(
    "roster-500",
    "an organization's roster, page of 500",
    asking("organizations of 500", "organizationId", pageSize="500"),
)
PERSON = Call("person-id", "one user's memberships, by id", asking("user ids", "userId"))
PERSON_NAMED = Call("person-name", "one user's memberships, by username", asking("usernames", "username"))
CURRENT = Call(
    "current-public",
    "an organization's current members on the public roster",
    asking("organizations of 100", "organizationId", currentMembershipsOnly="true", publicPrivacyFilter="true"),
)
EVERYTHING = Call("everything", "everything, page 1 of 100", lambda campus: [path()])

CALLS = (ROSTER, ROSTER_500, PERSON, PERSON_NAMED, CURRENT, EVERYTHING)
"""Under load, from several callers at once."""


@dataclass(frozen=True)
class Walk:
    """Pages that one caller asks for one after the other."""

    name: str
    title: str
    pages: Callable[[Campus, int], list[str]]
    """The paths for a number of pages; a walk from the first to the last has a number of its own."""
    seconds: float = float("inf")
    """After this time no further page is requested: pages at one position cost alike."""


def pages(campus: Campus, numbers: range) -> list[str]:
    return [path(page=number, pageSize=PAGE) for number in numbers]


def first(campus: Campus, number: int) -> list[str]:
    return pages(campus, range(1, 1 + number))


def middle(campus: Campus, number: int) -> list[str]:
    start = last_page(campus.seen) // 2
    return pages(campus, range(start, start + number))


def last(campus: Campus, number: int) -> list[str]:
    end = last_page(campus.seen)
    return pages(campus, range(end - number + 1, end + 1))


def modified(campus: Campus, _: int) -> list[str]:
    numbers = evenly(last_page(campus.modified), MODIFIED_PAGES)
    return [path(ModifiedOnStart=campus.modified_since, page=page, pageSize=PAGE) for page in numbers]


def evenly(last: int, number: int) -> list[int]:
    """So many pages from the first to the last, as far from each other; all where there are fewer."""
    if last <= number:
        return list(range(1, 1 + last))
    return [1 + (last - 1) * step // (number - 1) for step in range(number)]


def last_page(rows: int) -> int:
    return -(-rows // PAGE)


PAGE = 500
MODIFIED_PAGES = 8
WALK_SECONDS = 4.0
"""Seconds after which a walk at one position ends."""
WHOLE = path(pageSize=PAGE)
"""The first page of everything, for a copy by the links from page to page."""


def whole(campus: Campus) -> list[str]:
    """All pages of everything by number."""
    return pages(campus, range(1, 1 + last_page(campus.seen)))


def changed(campus: Campus) -> str:
    """The first page of what was modified since."""
    return path(ModifiedOnStart=campus.modified_since, pageSize=PAGE)


FIRST = Walk("walk-first", "everything by page number, 500 a page: the first pages", first, WALK_SECONDS)
MIDDLE = Walk("walk-middle", "... in the middle", middle, WALK_SECONDS)
LAST = Walk("walk-last", "... the last pages", last, WALK_SECONDS)
MODIFIED = Walk("modified", f"modified since, 500 a page: {MODIFIED_PAGES} pages from the first to the last", modified)

WALKS = (FIRST, MIDDLE, LAST, MODIFIED)
"""By one caller, in this order."""
