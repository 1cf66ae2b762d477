"""Every block of commands in the pages is run: here unchanged, or by the test that it names, or not, with a reason."""

import importlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from roster.models import ApiKey, User
from tests.docs.fences import ELSEWHERE, NOT_RUN, PROGRAMS, SHOWN, Fence, fences, programs
from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT
from tests.serving import Site, database_url, serving

DEPLOYING = "docs/deploying.md"
"""The page whose commands are run in their order, by tests/deploy/deploying_commands.py."""
HERE = [
    fence
    for fence in programs()
    if fence.language == "sh" and fence.page != DEPLOYING and fence.name not in {*ELSEWHERE, *NOT_RUN}
]
OLD_SITE = "https://campus.example.edu"
NEW_SITE = "https://roster.example.edu"


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def folder(tmp_path: Path, site: Site) -> Path:
    """A checkout as `make run` leaves it, whose curl finds the site of the test at the address of the pages."""
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    write_program(tmp_path / ".venv" / "bin" / "python", f'exec "{sys.executable}" "$@"')
    (tmp_path / "manage.py").symlink_to(ROOT / "manage.py")
    (tmp_path / ".curlrc").write_text(f'connect-to = "127.0.0.1:8000:127.0.0.1:{site.port}"\nsilent\n')
    (tmp_path / "bin").mkdir()
    write_program(tmp_path / "bin" / "ssh", 'cd "$HOME" && exec sh -c "$2"')  # the other machine is this one
    for name in ("users", "organizations", "positions", "memberships"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "1.json").write_text("[]")
    return tmp_path


def write_program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def keys(transactional_db: None) -> dict[str, str]:
    """The demo campus, and a key for each name that the pages give one."""
    call_command("loaddata", "fixtures/campus.json", verbosity=0)
    _, staff = ApiKey.create_bearer("old", audience="staff", may_read_reflections=True)
    _, campus = ApiKey.create_bearer("new", audience="campus")
    return {"KEY": campus, "OLD_KEY": staff}


def shown_below(fence: Fence) -> str | None:
    """The JSON that a page shows directly below a block."""
    page = (ROOT / fence.page).read_text(encoding="utf-8")
    following = page.split(fence.text, 1)[1].lstrip().removeprefix("```").lstrip("\n")
    return following.removeprefix("```json\n").split("```")[0] if following.startswith("```json\n") else None


def ran(fence: Fence, folder: Path, site: Site, keys: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The output of a shell into which the block is pasted."""
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", fence.text.replace(OLD_SITE, site.url).replace(NEW_SITE, site.url)],
        check=False,
        cwd=folder,
        env={
            **os.environ,
            **ENVIRONMENT,
            **keys,
            "DATABASE_URL": database_url(),
            "HOME": str(folder),
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        },
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_each_runs_as_it_stands_and_answers_as_shown(folder: Path, site: Site, keys: dict[str, str]) -> None:
    for fence in sorted(HERE, key=lambda fence: "moving" in fence.page):
        if fence.page == "docs/moving-from-engage.md":  # which asks for somebody of an old site
            User.objects.filter(username="amara.okafor").update(username="204518")

        run = ran(fence, folder, site, keys)

        assert run.returncode == 0, f"{fence}\n{run.stdout}{run.stderr}"
        if shown := shown_below(fence):
            assert json.loads(run.stdout) == json.loads(shown), fence

    handed = folder / "roster.key"  # by the command that hands it to another machine
    assert stat.S_IMODE(handed.stat().st_mode) == 0o600
    assert site.ask("/api/test", {"X-Engage-Api-Key": handed.read_text().strip()}).status == 200


def test_every_block_says_what_it_is() -> None:
    assert [fence.name for fence in fences() if fence.language not in PROGRAMS | SHOWN] == []


def test_every_block_of_commands_is_run_or_has_a_reason() -> None:
    deploying = {fence.name for fence in programs() if fence.page == DEPLOYING} - NOT_RUN.keys()
    run = {fence.name for fence in HERE} | deploying
    named = {fence.name for fence in programs()}

    assert sorted(named - run - {*ELSEWHERE, *NOT_RUN}) == []
    assert sorted({*ELSEWHERE, *NOT_RUN} - named) == []
    assert ELSEWHERE.keys() & NOT_RUN.keys() == set()


@pytest.mark.parametrize("block, test", sorted(ELSEWHERE.items()))
def test_the_test_that_is_named_is_there_and_reads_the_page(block: str, test: str) -> None:
    path, _, name = test.partition("::")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))

    assert callable(getattr(module, name))
    assert f'"{block.partition(": ")[0]}"' in (ROOT / path).read_text(encoding="utf-8")


def test_commands_use_an_interpreter_that_is_there() -> None:
    lines = [
        f"{fence.page}: {line}"
        for fence in fences()
        for line in fence.text.splitlines()
        if "manage.py" in line and ".venv/bin/python manage.py" not in line and not line.startswith("podman ")
    ]

    assert lines == []
    assert shutil.which("python3", path=os.environ["PATH"])


def test_so_do_those_in_sentences() -> None:
    wrong = []
    for page in sorted({fence.page for fence in fences()}):
        sentences = re.sub(r"```.*?```", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL)
        for code in sentences.split("`")[1::2]:
            words = code.split()
            if len(words) > 1 and words[0] != ".venv/bin/python" and words[0].endswith("python"):
                wrong.append(f"{page}: {code}")

    assert wrong == []


def test_every_command_of_manage_py_that_a_page_names_is_there() -> None:
    named = {
        words[words.index("manage.py") + 1]
        for fence in fences()
        for line in fence.text.splitlines()
        if "manage.py" in (words := line.split()) and words[-1] != "manage.py"
    }

    assert named - get_commands().keys() == set()
