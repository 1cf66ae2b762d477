"""What reports are made of, in Markdown as the pages of docs/ have it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from textwrap import wrap


def heading(title: str) -> Iterator[str]:
    yield f"## {title}"
    yield ""


def asked(command: str, day: dt.date) -> str:
    """What was asked for, and when."""
    return f"`{command}`, on {day.day} {day:%B %Y}"


def paragraph(*sentences: str) -> list[str]:
    return wrap(" ".join(sentences), width=120, break_on_hyphens=False)


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, its first row the head."""
    head, *others = rows
    for row in (head, ["---"] * len(head), *others):
        yield f"| {' | '.join(row)} |"
