"""Links between the pages lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.repository.files import tracked_files
from tests.repository.import_order import ROOT

PAGES = sorted(path for path in tracked_files() if path.suffix == ".md")


def anchor(heading: str) -> str:
    """What a heading is linked by: its words in small letters, without marks, with dashes for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    text = without_code((ROOT / page).read_text(encoding="utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", text, flags=re.MULTILINE)}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_to_a_file_and_a_heading(page: Path) -> None:
    text = without_code((ROOT / page).read_text(encoding="utf-8"))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "mailto:")):
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path) if path else page
        if not (ROOT / file).exists() or (heading and heading not in anchors(Path(file))):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("folder", ["docs", "docs/decisions"])
def test_the_index_of_a_folder_has_every_page(folder: str) -> None:
    index = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    pages = [page.name for page in PAGES if page.parent == Path(folder)]

    assert [page for page in pages if page != "README.md" and f"({page})" not in index] == []
