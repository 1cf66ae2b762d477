"""The programs in docs/lti/tools.md run as they are, against the running site."""

import json
import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command

from lti.models import Tool
from tests.docs.blocks import blocks
from tests.lti.clients.browser import open_first_tool
from tests.lti.many_members import join
from tests.lti.tools import CHAIR, MANAGER, MEMBER, OFFICER, TREASURER, private_key
from tests.node import node, npm
from tests.repository.import_order import ROOT
from tests.sample_data import SampleData
from tests.serving import Site, serving

PAGE = "docs/lti/tools.md"


PROGRAMS = {"python": ([sys.executable, "tool.py"], "tool.py"), "javascript": ([node(), "tool.mjs"], "tool.mjs")}


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def people(transactional_db: None) -> SampleData:
    return SampleData()


@pytest.fixture
def register(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Register a tool as on the page, and write the output of the command to platform.json."""

    def run(organization_id: int, port: int, *keys: str) -> None:
        where = [f"--login-url=http://localhost:{port}/login", f"--redirect-uri=http://localhost:{port}/launch"]
        options = ["--audience=campus", "--disclosure=email", f"--organization={organization_id}"]
        call_command("register_lti_tool", "My tool", *keys, *where, *options)
        platform = json.loads(capsys.readouterr().out.replace("https://testserver", site.url))
        (tmp_path / "platform.json").write_text(json.dumps(platform))

    return run


@pytest.fixture
def printed(register: Callable[..., None], tmp_path: Path) -> Callable[[str, int], str]:
    """What the program of a language prints for an organization."""

    def run(language: str, organization_id: int) -> str:
        (tmp_path / "private.pem").write_bytes(private_key().as_pem(private=True))
        (tmp_path / "public.pem").write_bytes(private_key().as_pem(private=False))
        register(organization_id, 9000, f"--public-key={tmp_path / 'public.pem'}")
        command, name = PROGRAMS[language]
        (tmp_path / name).write_text(blocks(PAGE, language)[0])
        run = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return run


@pytest.mark.parametrize("language", PROGRAMS)
def test_it_prints_the_members(people: SampleData, printed: Callable[[str, int], str], language: str) -> None:
    text = printed(language, people.student_government.pk)

    assert text.splitlines() == student_government(people)


def student_government(people: SampleData) -> list[str]:
    """The lines by which the tool shows its members."""
    tool = Tool.objects.get()
    return [
        f"{tool.subject_of(people.amara.pk)} Amara Okafor {OFFICER} {CHAIR}",
        f"{tool.subject_of(people.ben.pk)} Ben Whitlock {OFFICER} {TREASURER}",
        f"{tool.subject_of(people.jolene.pk)} Jolene Abernathy {MANAGER}",
    ]


@pytest.mark.parametrize("language", PROGRAMS)
def test_it_goes_from_page_to_page(people: SampleData, printed: Callable[[str, int], str], language: str) -> None:
    members = join(people.downtown_member, 203)

    lines = printed(language, people.chess_club_downtown.pk).splitlines()

    assert len(lines) == 205
    assert lines[-1] == f"{Tool.objects.get().subject_of(members[-1].pk)} Player player00202 {MEMBER}"


@pytest.fixture
def folder_of_the_server(tmp_path: Path) -> Path:
    """A folder with what the steps of the page use of this repository, and npm and node on the path."""
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "node").symlink_to(node())
    (tmp_path / "bin" / "npm").write_text(f'#!/bin/sh\nexec {shlex.join(npm())} "$@"\n')
    (tmp_path / "bin" / "npm").chmod(0o755)
    return tmp_path


@contextmanager
def running_tool(folder: Path, port: int) -> Iterator[None]:
    """The whole tool of the page, by its own steps but for the port, once it reports that it is ready."""
    quiet = {"npm_config_audit": "false", "npm_config_fund": "false", "npm_config_prefer_offline": "true"}
    env = {**os.environ, **quiet, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    [steps] = [block for block in blocks(PAGE, "sh") if "npm init" in block]
    run = subprocess.run(["bash", "-ec", steps], check=False, cwd=folder, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    program = blocks(PAGE, "javascript")[1]
    assert "port: 9000" in program
    (folder / "my-tool" / "tool.mjs").write_text(program.replace("port: 9000", f"port: {port}"))
    command = ["node", "tool.mjs"]
    with subprocess.Popen(command, cwd=folder / "my-tool", env=env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            assert any(line.startswith("Ready to be opened") for line in running.stdout)
            yield
        finally:
            running.terminate()


def test_the_whole_tool_is_opened_and_shows_the_roster(
    site: Site, people: SampleData, folder_of_the_server: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    [command] = [block for block in blocks(PAGE, "sh") if "--jwks-url" in block]
    assert "--organization 3 > platform.json" in command
    options = shlex.split(command.partition(" > ")[0].replace("\\\n", " ").replace(":9000", f":{port}"))
    options[options.index("--organization") + 1] = str(people.student_government.pk)
    call_command(*options[2:])
    platform = capsys.readouterr().out.replace("https://testserver", site.url)
    (folder_of_the_server / "platform.json").write_text(platform)

    with running_tool(folder_of_the_server, port):
        answer = open_first_tool(site, people.amara, people.student_government)

    assert answer.text.splitlines() == student_government(people)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
