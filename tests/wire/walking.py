"""Walks through lists, as programs that copy a roster do."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from tests.client import Answer, ask


def next_url(answer: Answer) -> str | None:
    """The URL of the next page in the Link header."""
    link = re.fullmatch(r'<([^<>]+)>; rel="next"', answer.headers.get("Link", ""))
    return link[1] if link else None


def next_path(answer: Answer) -> str | None:
    """The same without scheme and host."""
    url = next_url(answer)
    return url and url.removeprefix("http://testserver")


def cursor_of(answer: Answer) -> str:
    """The cursor in the link to the next page."""
    url = next_url(answer)
    assert url
    return parse_qs(urlsplit(url).query)["cursor"][0]


def pages_by_number(key: str, path: str, size: int, **asked: str) -> Iterator[Answer]:
    """Every page of a list, by its number."""
    number, total = 1, 1
    while number <= total:
        answer = ask(key, path, page=number, pageSize=size, **asked)
        yield answer
        number, total = number + 1, answer.body["totalPages"]


def pages_by_link(key: str, path: str, size: int, **asked: str) -> Iterator[Answer]:
    """Every page of a list, each by the link of the page before."""
    answer = ask(key, path, pageSize=size, **asked)
    yield answer
    while goes_on := next_path(answer):
        answer = ask(key, goes_on)
        yield answer
