"""README.md and CHANGELOG.md against the repository and the demo campus."""

import re

import pytest
from django.core.management import get_commands
from django.test import Client

from roster.models import ApiKey
from tests.docs import tables
from tests.docs.blocks import SITE, blocks, calls
from tests.repository.files import tracked_files
from tests.repository.import_order import ORDER, ROOT


def test_the_first_call_is_answered_as_shown(campus: None) -> None:
    [call] = calls("README.md")
    _, key = ApiKey.create_bearer("newcomer", audience="campus")
    headers = {name: value.replace("$KEY", key) for name, value in call.headers.items()}

    assert call.url.startswith(SITE)
    assert Client().get(call.path, headers=headers).json() == call.shown


def test_the_map_has_every_folder() -> None:
    folders = {path.parts[0] for path in tracked_files() if len(path.parts) > 1 and not path.parts[0].startswith(".")}
    written = [name.strip("`/") for name, _ in tables.table_under("The packages", "README.md")]

    assert sorted(written) == sorted(folders)
    assert [name for name in written if name in ORDER] == list(ORDER)


@pytest.mark.parametrize("line", blocks("README.md", "sh")[0].splitlines())
def test_the_two_commands_are_there(line: str) -> None:
    makefile = (ROOT / "Makefile").read_text()

    assert re.search(rf"^{line.removeprefix('make ')}:", makefile, flags=re.MULTILINE)


def test_the_changelog_names_commands_that_are_there() -> None:
    named = re.findall(r"`((?:create|list|revoke|import|generate)_\w+)`", (ROOT / "CHANGELOG.md").read_text())

    assert named
    assert [name for name in named if name not in get_commands()] == []


def test_the_changelog_has_this_release_on_top_or_what_is_not_released_yet() -> None:
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    (version,) = re.findall(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), flags=re.MULTILINE)

    releases = [heading for heading in headings if heading != "Unreleased"]
    assert "Unreleased" not in headings[1:]
    assert re.fullmatch(rf"{re.escape(version)} \(\d{{4}}-\d\d-\d\d\)", releases[0])
