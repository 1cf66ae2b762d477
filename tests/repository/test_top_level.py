"""A newcomer finds where a thing lives from two `ls` calls, so the top level holds little."""

import re

from tests.repository.files import tracked_files

FOLDERS = {"config", "lti", "memberships", "organizations", "roster", "tests", "fixtures", "docs", "bench", "clients"}
FILES = re.compile(
    r"manage\.py|pyproject\.toml|Makefile|README\.md|CHANGELOG\.md|CONTRIBUTING\.md|SECURITY\.md|LICENSE|requirements(-\w+)?\.(in|lock)"
)


def test_the_top_level_holds_only_what_the_design_names() -> None:
    unknown = set()
    for path in tracked_files():
        top, *below = path.parts
        allowed = top in FOLDERS if below else FILES.fullmatch(top)
        if not (allowed or top.startswith(".")):
            unknown.add(top)

    assert unknown == set()
