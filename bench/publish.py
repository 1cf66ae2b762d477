"""Put the sections of a report into docs/performance.md: `python -m bench.publish REPORT.md`."""

import re
import sys
from pathlib import Path

from bench.servers_under_test import ROOT

PAGE = ROOT / "docs" / "performance.md"

SECTION = re.compile(r"(?<=<!-- begin: )(?P<title>.+?)(?P<head> -->\n)(?P<body>.*?)(?=<!-- end -->)", re.DOTALL)
"""The text between two comments is the report's; the heading before and the reasons after are written by hand."""


class SectionMissing(Exception):
    """The page has no markers for a section, or the report has none."""


def sections(report: str) -> dict[str, str]:
    """The text under each heading of a report, by the heading."""
    _, *parts = re.split(r"^## (.+)\n", report, flags=re.MULTILINE)
    return {title: body.strip() for title, body in zip(parts[::2], parts[1::2], strict=True)}


def titles(page: str) -> list[str]:
    """The titles of the sections that a page has markers for."""
    return [section["title"] for section in SECTION.finditer(page)]


def published(page: str, report: str) -> str:
    """The page with a report's sections in it.

    SectionMissing, with the reason, when there is no section or no marker for one.
    """
    found = sections(report)
    if not found:
        raise SectionMissing("This report has no section.")
    if missing := found.keys() - set(titles(page)):
        raise SectionMissing(f"The page has no markers for: {', '.join(sorted(missing))}.")

    def fill(section: re.Match[str]) -> str:
        body = found.get(section["title"])
        return section[0] if body is None else f"{section['title']}{section['head']}\n{body}\n\n"

    return SECTION.sub(fill, page)


if __name__ == "__main__":
    try:
        PAGE.write_text(published(PAGE.read_text(), Path(sys.argv[1]).read_text()))
    except SectionMissing as reason:
        sys.exit(f"{reason}")
