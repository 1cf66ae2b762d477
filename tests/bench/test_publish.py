"""A report's sections are written into the page about performance."""

import pytest

from bench import filters, mechanisms, report, soak, sqlite
from bench.publish import PAGE, SectionMissing, published, titles

REPORT = "## Memory\n\nThe same run.\n\n| a | b |\n"
WRITTEN = "# Performance\n\n## Memory\n\n<!-- begin: Memory -->\n\nOld.\n\n<!-- end -->\n\nA reason.\n"


def test_a_section_replaces_the_last_one_and_keeps_the_text_around_it() -> None:
    new = published(WRITTEN, REPORT)

    assert new == WRITTEN.replace("Old.", "The same run.\n\n| a | b |")
    assert published(new, REPORT) == new


def test_a_section_that_the_report_lacks_stays() -> None:
    other = WRITTEN.replace("Memory", "Compression")

    assert published(WRITTEN + other, REPORT).endswith(other)


@pytest.mark.parametrize("text", ["## Something else\n\nNew.\n", "Nothing."])
def test_a_section_without_a_marker_is_refused(text: str) -> None:
    with pytest.raises(SectionMissing):
        published(WRITTEN, text)


def test_the_page_has_a_marker_for_each_section_under_its_heading() -> None:
    page = PAGE.read_text()

    assert titles(page) == [
        *(*report.TITLES, soak.TITLE, sqlite.TITLE),
        *(filters.TITLE, mechanisms.TITLE),
    ]
    assert all(f"## {title}\n\n<!-- begin: {title} -->" in page for title in titles(page))
