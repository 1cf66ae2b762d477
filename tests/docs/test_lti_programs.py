"""The programs in docs/lti/tools.md run as they are, against the running site."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from lti.models import Tool
from tests.cast import Cast
from tests.docs.blocks import blocks
from tests.lti.crowds import join
from tests.lti.tools import CHAIR, MANAGER, MEMBER, OFFICER, TREASURER, private_key
from tests.node import node
from tests.serving import Site, serving

PAGE = "docs/lti/tools.md"


PROGRAMS = {"python": ([sys.executable, "tool.py"], "tool.py"), "javascript": ([node(), "tool.mjs"], "tool.mjs")}


@pytest.fixture(scope="module")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return Cast()


def printed(site: Site, folder: Path, language: str, organization_id: int, capsys: pytest.CaptureFixture[str]) -> str:
    """What the program of a language prints, with a tool registered as the page says."""
    (folder / "private.pem").write_bytes(private_key().as_pem(private=True))
    (folder / "public.pem").write_bytes(private_key().as_pem(private=False))
    arguments = ["--public-key", str(folder / "public.pem"), "--organization", str(organization_id)]
    arguments += ["--login-url", "http://localhost:9000/login", "--redirect-uri", "http://localhost:9000/launch"]
    call_command("register_lti_tool", "My tool", *arguments, "--audience", "campus", "--disclosure", "email")
    platform = json.loads(capsys.readouterr().out.replace("https://testserver", site.url))
    (folder / "platform.json").write_text(json.dumps(platform))
    command, name = PROGRAMS[language]
    (program,) = blocks(PAGE, language)
    (folder / name).write_text(program)
    run = subprocess.run(command, check=False, cwd=folder, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("language", PROGRAMS)
def test_it_prints_the_members(
    site: Site, people: Cast, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(site, tmp_path, language, people.student_government.pk, capsys)

    tool = Tool.objects.get()
    assert text.splitlines() == [
        f"{tool.subject_of(people.amara.pk)} Amara Okafor {OFFICER} {CHAIR}",
        f"{tool.subject_of(people.ben.pk)} Ben Whitlock {OFFICER} {TREASURER}",
        f"{tool.subject_of(people.jolene.pk)} Jolene Abernathy {MANAGER}",
    ]


@pytest.mark.parametrize("language", PROGRAMS)
def test_it_goes_from_page_to_page(
    site: Site, people: Cast, tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    crowd = join(people.downtown_member, 203)

    lines = printed(site, tmp_path, language, people.chess_club_downtown.pk, capsys).splitlines()

    assert len(lines) == 205
    assert lines[-1] == f"{Tool.objects.get().subject_of(crowd[-1].pk)} Player player00202 {MEMBER}"
