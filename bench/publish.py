"""Put the sections of a report in their places in docs/performance.md: `python -m bench.publish REPORT.md`."""

import re
import sys
from pathlib import Path

from bench.servers_under_test import ROOT

PAGE = ROOT / "docs" / "performance.md"

PLACE = re.compile(r"(?<=<!-- begin: )(?P<title>.+?)(?P<head> -->\n)(?P<body>.*?)(?=<!-- end -->)", re.DOTALL)
"""What lies between two comments is the report's; the heading before and the reasons after are written by hand."""


class SectionMissing(Exception):
    """The page has no place for a section, or the report has none."""


def sections(report: str) -> dict[str, str]:
    """What stands under each heading of a report, by the heading."""
    _, *parts = re.split(r"^## (.+)\n", report, flags=re.MULTILINE)
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def places(page: str) -> list[str]:
    """The titles that a page has places for."""
    return [place["title"] for place in PLACE.finditer(page)]


def published(page: str, report: str) -> str:
    """The page with a report's sections in their places. NoPlace, with the reason, when one has none."""
    found = sections(report)
    if not found:
        raise SectionMissing("This report has no section.")
    if missing := found.keys() - set(places(page)):
        raise SectionMissing(f"The page has no place for: {', '.join(sorted(missing))}.")

    def fill(place: re.Match[str]) -> str:
        body = found.get(place["title"])
        return place[0] if body is None else f"{place['title']}{place['head']}\n{body}\n\n"

    return PLACE.sub(fill, page)


if __name__ == "__main__":
    try:
        PAGE.write_text(published(PAGE.read_text(), Path(sys.argv[1]).read_text()))
    except SectionMissing as reason:
        sys.exit(f"{reason}")
