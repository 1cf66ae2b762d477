"""Decision records: numbered without a gap, of one form, and in the index under their titles."""

import re

from tests.docs import tables
from tests.repository.import_order import ROOT

RECORDS = sorted((ROOT / "docs" / "decisions").glob("0*.md"))


def test_they_are_numbered_without_a_gap() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))


def test_each_says_context_decision_and_consequence() -> None:
    for path in RECORDS:
        text = path.read_text(encoding="utf-8")

        assert text.startswith(f"# {int(path.name[:4])}. "), path.name
        assert re.findall(r"^\*\*(\w+)\.\*\* ", text, flags=re.MULTILINE) == ["Context", "Decision", "Consequence"], (
            path.name
        )


def test_the_index_has_each_under_its_title() -> None:
    titles = [re.match(r"# (\d+)\. (.+)", path.read_text(encoding="utf-8")) for path in RECORDS]
    expected = [(title[1], f"[{title[2]}]({path.name})") for title, path in zip(titles, RECORDS, strict=True) if title]

    assert tables.table_under("Decisions", "docs/decisions/README.md") == expected
