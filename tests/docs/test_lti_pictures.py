"""The pictures of docs/lti are those that the walks in tests/browser take."""

import re

from tests.repository.import_order import ROOT

FOLDER = ROOT / "docs" / "lti"
FILES = sorted(path.stem for path in (FOLDER / "pictures").iterdir())


def test_every_picture_is_taken_by_one_walk() -> None:
    walks = [path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "browser").glob("walk_*.py")]

    assert sorted(re.findall(r'picture\(page, "([\w-]+)"', "\n".join(walks))) == FILES


def test_every_picture_is_on_one_page_and_says_in_words_what_it_shows() -> None:
    pages = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")]

    assert sorted(re.findall(r"!\[[^\]]{20,}\]\(pictures/([\w-]+)\.png\)", "\n".join(pages))) == FILES
