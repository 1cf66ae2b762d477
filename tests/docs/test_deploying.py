"""docs/deploying.md and the files of docs/deploy/: good by their linters, and true of the program."""

import json
import logging
import re
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

import crossplane
import pytest
from django.core.management import get_commands
from django.test import Client

from roster.api.request_log import JSONFormatter
from tests.docs.blocks import blocks
from tests.repository.import_order import ORDER, ROOT

PAGE = "docs/deploying.md"
DEPLOY = ROOT / "docs" / "deploy"
PROGRAMS = Path(sysconfig.get_path("scripts"))

NO_FAULTS = {
    "[Security.UMaskOW]",  # takes 0077 for world-writable
    "[Security.Delegate]",  # for services that make control groups of their own
}
"""What systemdlint says of a good unit."""


def service() -> dict[str, str]:
    """The settings of the unit's service."""
    text = (DEPLOY / "campus-roster.service").read_text()
    return dict(re.findall(r"^(\w+)=(.*)$", text.split("[Service]")[1].split("[Install]")[0], flags=re.MULTILINE))


def directives() -> list[dict[str, Any]]:
    """Every directive of the nginx example, at any depth."""
    parsed = crossplane.parse(str(DEPLOY / "nginx.conf"), strict=True, check_ctx=False, comments=False)
    assert parsed["errors"] == []
    found: list[dict[str, Any]] = []
    waiting = list(parsed["config"][0]["parsed"])
    while waiting:
        directive = waiting.pop(0)
        found.append(directive)
        waiting += directive.get("block", [])
    return found


def test_the_container_file_passes_its_linter() -> None:
    run = subprocess.run([PROGRAMS / "hadolint", DEPLOY / "Containerfile"], check=False, capture_output=True, text=True)

    assert (run.returncode, run.stdout) == (0, "")


def test_the_image_holds_every_package_and_nothing_private() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DEPLOY / "Containerfile").read_text(), flags=re.MULTILINE)
    names = " ".join(copied).split()

    assert sorted(names) == sorted([*ORDER, "manage.py", "pyproject.toml", "requirements.lock"])
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_unit_passes_its_linter() -> None:
    command: list[str | Path] = [PROGRAMS / "systemdlint", "--norootfs", DEPLOY / "campus-roster.service"]
    said = subprocess.run(command, check=False, capture_output=True, text=True).stderr

    assert [line for line in said.splitlines() if not any(fault in line for fault in NO_FAULTS)] == []


def test_the_unit_starts_the_server_as_an_account_without_rights() -> None:
    unit = service()

    assert unit["ExecStart"].endswith("-m gunicorn --config config/gunicorn.py config.wsgi")
    assert (ROOT / "config" / "gunicorn.py").exists()
    assert unit["User"] == "roster"
    assert unit["CapabilityBoundingSet"] == ""
    assert {unit[name] for name in ("NoNewPrivileges", "PrivateTmp", "ProtectHome", "MemoryDenyWriteExecute")} == {
        "yes"
    }
    assert unit["ProtectSystem"] == "strict"


def test_nginx_writes_no_query_into_its_logs() -> None:
    [log_format] = [each["args"] for each in directives() if each["directive"] == "log_format"]
    access_logs = [each["args"] for each in directives() if each["directive"] == "access_log"]
    error_logs = [each["args"] for each in directives() if each["directive"] == "error_log"]

    assert not re.search(r"\$(request|request_uri|args|query_string|arg_\w+)\b", " ".join(log_format[1:]))
    assert [args[1] for args in access_logs] == [log_format[0]] * 2
    assert [args[1] for args in error_logs] == ["crit"]


def test_nginx_says_what_the_server_believes() -> None:
    sent = {each["args"][0]: each["args"][1] for each in directives() if each["directive"] == "proxy_set_header"}

    assert sent == {
        "Connection": "",
        "Host": "$host",
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
    }


def test_the_line_of_the_log_is_as_lines_are(caplog: pytest.LogCaptureFixture) -> None:
    [shown] = blocks(PAGE, "json")
    with caplog.at_level(logging.INFO, "roster.access"):
        Client().get("/api/schema/")

    assert json.loads(shown).keys() == json.loads(JSONFormatter().format(caplog.records[0])).keys()


@pytest.mark.django_db
@pytest.mark.parametrize("path, word", [("/healthz", "alive"), ("/readyz", "ready")])
def test_the_health_checks_answer_as_shown(path: str, word: str) -> None:
    response = Client().get(path, headers={"host": "any.name.at.all"})

    assert (response.status_code, response.text) == (200, f'{{"status":"{word}"}}')
    assert response.text in (ROOT / PAGE).read_text()


def test_every_command_that_it_names_is_there() -> None:
    named = set(re.findall(r"manage\.py (\w+)", (ROOT / PAGE).read_text()))

    assert named - get_commands().keys() == set()


def test_every_setting_that_it_names_is_read() -> None:
    named = set(re.findall(r"^([A-Z_]+)=", "\n".join(blocks(PAGE, "sh")), flags=re.MULTILINE)) - {"SETTINGS"}
    sources = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "gunicorn.py"))

    assert named
    assert [name for name in named if f'"{name}"' not in sources] == []
