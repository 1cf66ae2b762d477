"""docs/deploying.md and the files of docs/deploy/: good by their linters, and true of the program."""

import json
import logging
import os
import re
import subprocess
import sysconfig
import uuid
from pathlib import Path
from typing import Any

import crossplane
import pytest
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.management import get_commands
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver

from roster import secrets, window_counters
from roster.api.errors import problem
from roster.api.request_log import printable_path
from roster.logs import JSONFormatter
from tests.docs.blocks import blocks
from tests.repository.import_order import ORDER, ROOT
from tests.wire.routes import patterns

PAGE = "docs/deploying.md"
DEPLOY = ROOT / "docs" / "deploy"
PROGRAMS = Path(sysconfig.get_path("scripts"))

MAPS = ("$campus_roster_path", "$campus_roster_attempt")
NO_FAULTS = {
    "[Security.UMaskOW]",  # takes 0077 for world-writable
    "[Security.Delegate]",  # for services that make control groups of their own
}
"""The messages of systemdlint about a good unit."""


UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in {".service", ".timer"})
SAME = ("User", "Group", "WorkingDirectory", "UMask", "NoNewPrivileges", "ProtectSystem", "CapabilityBoundingSet")
"""Settings that every service shares with that of the server."""


def settings_of(path: Path) -> dict[str, str]:
    """The settings of a unit's service."""
    text = path.read_text().split("[Service]")[1].split("[Install]")[0]
    return dict(re.findall(r"^(\w+)=(.*)$", text, flags=re.MULTILINE))


def service() -> dict[str, str]:
    """Those of the server."""
    return settings_of(DEPLOY / "campus-roster.service")


def directives() -> list[dict[str, Any]]:
    """Every directive of the nginx example, at any depth."""
    parsed = crossplane.parse(str(DEPLOY / "nginx.conf"), check_ctx=False, comments=False)
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


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_passes_its_linter(path: Path) -> None:
    command: list[str | Path] = [PROGRAMS / "systemdlint", "--norootfs", path]
    output = subprocess.run(command, check=False, capture_output=True, text=True).stderr

    assert [line for line in output.splitlines() if not any(fault in line for fault in NO_FAULTS)] == []


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".service"], ids=lambda path: path.name)
def test_a_service_runs_as_the_account_of_the_page_without_its_rights(path: Path) -> None:
    unit = settings_of(path)

    assert {name: unit.get(name) for name in SAME} == {name: service()[name] for name in SAME}
    program = unit["ExecStart"].split()[0].removeprefix("/srv/campus-roster/")
    assert program == ".venv/bin/python" or os.access(ROOT / program, os.X_OK)


@pytest.mark.parametrize("path", [path for path in UNITS if path.suffix == ".timer"], ids=lambda path: path.name)
def test_a_timer_has_a_service_and_is_started_by_the_page(path: Path) -> None:
    assert path.with_suffix(".service") in UNITS
    assert "WantedBy=timers.target" in path.read_text()
    [line] = [
        line
        for block in blocks(PAGE, "sh")
        for line in block.splitlines()
        if "enable --now" in line and "timer" in line
    ]
    assert path.name in line


def test_every_timed_command_is_there() -> None:
    commands = re.findall(
        r"^ExecStart=.*manage\.py (\w+)", "".join(path.read_text() for path in UNITS), flags=re.MULTILINE
    )

    assert sorted(commands) == ["clearsessions", "sync_course"]
    assert set(commands) <= get_commands().keys()


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


def test_every_directive_of_the_nginx_example_is_one() -> None:
    parsed = crossplane.parse(str(DEPLOY / "nginx.conf"), strict=True, check_ctx=False, comments=False)
    unknown = [re.findall('unknown directive "(.+)" in ', each["error"]) for each in parsed["errors"]]

    # the linter takes the patterns of a map for directives, and is older than nginx 1.19.4
    patterns_of_maps = [name for variable in MAPS for name, _ in mapped(variable) if name != "default"]
    assert [each for each in unknown if each[0] not in {*patterns_of_maps, "default", "ssl_reject_handshake"}] == []


def servers() -> list[list[dict[str, Any]]]:
    """The directives of each server of the nginx example."""
    return [each["block"] for each in directives() if each["directive"] == "server" and "block" in each]


def mapped(variable: str) -> list[tuple[str, str]]:
    """The patterns of a map, and what each gives."""
    [block] = [each["block"] for each in directives() if each["directive"] == "map" and each["args"][1] == variable]
    return [(each["directive"], each["args"][0]) for each in block]


def logged(path: str) -> str:
    """What the log has of a path."""
    (pattern, _), (_, other) = mapped("$campus_roster_path")
    found = re.fullmatch(pattern.removeprefix("~").replace("?<", "?P<"), path)
    return found["campus_roster_words"] if found else other


def test_nginx_writes_no_query_into_its_logs() -> None:
    [log_format] = [each["args"] for each in directives() if each["directive"] == "log_format"]
    access_logs = [each["args"] for each in directives() if each["directive"] == "access_log"]
    error_logs = [each["args"] for each in directives() if each["directive"] == "error_log"]

    assert not re.search(r"\$(request|request_uri|uri|args|query_string|arg_\w+)\b", " ".join(log_format[1:]))
    assert sorted(args[-1] for args in access_logs) == [log_format[0], log_format[0], "off"]
    assert sorted(args[-1] for args in error_logs) == ["crit", "crit", "emerg"]


def test_nginx_writes_no_key_that_stands_in_a_path() -> None:
    key, signed = secrets.new_secret(), f"cr_{secrets.new_prefix()}_{secrets.new_secret()}"
    paths = [path for each in (key, signed, secrets.new_prefix() + "0") for path in (f"/{each}", f"/api/{each}/x")]

    assert {logged(path) for path in [*paths, "/api/é", "/a b", "/api/%63r_abc"]} == {"/***"}
    assert logged(f"/api/test?key={key}&a=/{key}") == "/api/test"


def test_nginx_writes_every_path_that_is_served() -> None:
    somewhere = {"(?P<pk>[^/.]+)": "1005", "<uuid:context_id>": str(uuid.uuid4()), "<int:organization_id>": "3"}
    spelled = re.compile("|".join(map(re.escape, somewhere)))
    paths = [spelled.sub(lambda found: somewhere[found[0]], path) for path, _ in patterns(get_resolver())]
    written = [path for path in paths if "<" not in path and "(" not in path]

    assert len(written) > 30
    assert [path for path in written if logged(path) != path and printable_path(path) == path] == []


def test_nginx_answers_no_other_name() -> None:
    [others] = [block for block in servers() if any(each["args"] == ["_"] for each in block)]
    listened = [each["args"] for each in others if each["directive"] == "listen"]

    assert [args[0] for args in listened] == ["80", "[::]:80", "443", "[::]:443"]
    assert all("default_server" in args for args in listened)
    arguments = {each["directive"]: each["args"] for each in others if each["directive"] != "listen"}
    assert (arguments["return"], arguments["access_log"], arguments["ssl_reject_handshake"]) == (
        ["444"],
        ["off"],
        ["on"],
    )
    assert [each["args"] for each in directives() if "default_server" in each["args"]] == listened


def test_nginx_slows_down_every_page_that_checks_a_password() -> None:
    rules = [rule.removeprefix("~*") for rule, key in mapped("$campus_roster_attempt") if key]
    checking = []
    for path, pattern in patterns(get_resolver()):
        view = getattr(pattern.callback, "view_class", None)
        is_form = isinstance(view, type) and issubclass(view, LoginView | PasswordChangeView)
        if is_form or (path.startswith("/admin/") and pattern.name in {"login", "password_change"}):
            checking.append(path)

    assert sorted(checking) == ["/admin/login/", "/admin/password_change/", "/lti/sign-in"]
    for path in checking:
        assert any(re.search(rule, f"POST:{path}") for rule in rules), path
        assert not any(re.search(rule, f"GET:{path}") for rule in rules), path
    assert not any(re.search(rule, "POST:/lti/token") for rule in rules)


@pytest.mark.parametrize("status", [413, 414, 429, 503])
def test_what_nginx_refuses_has_the_shape_of_every_error(status: int) -> None:
    bodies = [
        json.loads(each["args"][1])
        for each in directives()
        if each["directive"] == "return" and len(each["args"]) == 2 and each["args"][0] == str(status)
    ]

    [body] = bodies
    request = HttpRequest()
    request.request_id = "$request_id"  # type: ignore[attr-defined]
    assert body == problem(request, status, body["detail"])


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


def test_it_names_the_file_of_counts() -> None:
    named = Path(window_counters.path_beside("/srv/roster.sqlite3")).name

    assert set(re.findall(r"`(roster\.\w+\.sqlite3)`", (ROOT / PAGE).read_text(encoding="utf-8"))) == {named}


@pytest.mark.parametrize(
    "line, restored",
    [
        ("postgres:////var/run/postgresql/roster", "postgres:////var/run/postgresql/roster_restored"),
        ("postgres://roster:roster@db/campus", "postgres://roster:roster@db/roster_restored"),
        (
            "postgres://roster@db/roster?sslmode=verify-full&sslrootcert=/etc/ssl/roster",
            "postgres://roster@db/roster_restored?sslmode=verify-full&sslrootcert=/etc/ssl/roster",
        ),
        ("postgres:///roster_restored?host=/run/postgresql", "postgres:///roster_restored?host=/run/postgresql"),
        ('"postgres://roster@db/roster"', '"postgres://roster@db/roster_restored"'),
    ],
)
def test_a_restore_sets_the_database_of_any_url(tmp_path: Path, line: str, restored: str) -> None:
    [command] = [line for block in blocks(PAGE, "sh") for line in block.splitlines() if line.startswith("sed ")]
    others = "SITE_URL=https://roster.example.edu/roster\n"
    (tmp_path / ".env").write_text(f"{others}DATABASE_URL={line}\n")

    subprocess.run(["sh", "-c", command], check=True, cwd=tmp_path)

    assert (tmp_path / ".env").read_text() == f"{others}DATABASE_URL={restored}\n"
