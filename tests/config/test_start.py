"""An error that keeps the site from starting is reported in a sentence, not in a traceback."""

import os
import subprocess
import sys

import pytest

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT

MANAGE = [sys.executable, str(ROOT / "manage.py"), "check"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py"), "config.wsgi"]


def start(command: list[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT, "DATABASE_URL": "sqlite:///:memory:", "PORT": "1", **variables}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("command", [MANAGE, GUNICORN], ids=["manage.py", "gunicorn"])
@pytest.mark.parametrize(
    "variables, sentence",
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set. Set it to 50 or more random characters"),
        ({"HTTPS": "maybe"}, "HTTPS is 'maybe', which is neither true nor false."),
        ({"DATABASE_URL": "oracle://campus"}, "DATABASE_URL is not the URL of a database."),
        ({"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY is '0'; a whole number from 1 to 1000 is needed."),
        ({"TRUSTED_PROXIES": "the-proxy"}, "(roster.E002) TRUSTED_PROXIES has 'the-proxy'"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_it_does_not_start_with(command: list[str], variables: dict[str, str], sentence: str) -> None:
    ended = start(command, **variables)

    assert ended.returncode != 0
    assert sentence in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "variables, sentence",
    [
        ({"PORT": "eight thousand"}, "PORT is 'eight thousand'; a whole number from 1 to 65535 is needed."),
        ({"THREADS": "many"}, "THREADS is 'many'; a whole number from 1 to 1000 is needed."),
        ({"BIND": "127.0.0.1:http"}, "BIND is '127.0.0.1:http': 'http' is not a valid port number."),
    ],
    ids=["PORT", "THREADS", "BIND"],
)
def test_gunicorn_does_not_start_with(variables: dict[str, str], sentence: str) -> None:
    ended = start(GUNICORN, **variables)

    assert ended.returncode != 0
    assert ended.stderr.strip() == sentence


@pytest.mark.parametrize("variables", [{"DEMO": "true", "HTTPS": "true"}, {"DEMO": "false", "HTTPS": "false"}])
def test_a_demo_and_plain_http_are_not_served_to_others_by_the_command_line(variables: dict[str, str]) -> None:
    ended = start([*GUNICORN, "--bind", "127.0.0.1:0", "--bind", "0.0.0.0:0"], ALLOWED_HOSTS="localhost", **variables)

    assert ended.returncode != 0
    assert "(roster.E006)" in ended.stderr or "(roster.E008)" in ended.stderr


def test_a_command_says_which_database_does_not_answer() -> None:
    ended = start([*MANAGE[:2], "showmigrations"], DATABASE_URL="postgres://roster:hunter2@127.0.0.1:1/campus")

    assert ended.returncode != 0
    assert "DATABASE_URL says where the database is" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "hunter2" not in ended.stderr
