"""`python -m config.libpq` runs a program on the database of DATABASE_URL, and discloses its password to nobody."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import env
from config.libpq import variables
from tests.repository.import_order import ROOT


def ran(url: str, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.libpq", *command],
        check=False,
        cwd=ROOT,
        env={"DATABASE_URL": url, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "url, expected",
    [
        (
            "postgres://roster:p%40ss@db.example.edu:5433/campus?sslmode=verify-full",
            {
                "PGDATABASE": "campus",
                "PGUSER": "roster",
                "PGPASSWORD": "p@ss",
                "PGHOST": "db.example.edu",
                "PGPORT": "5433",
                "PGSSLMODE": "verify-full",
            },
        ),
        (
            "postgres://roster@%2Fvar%2Frun%2Fpostgresql/roster",
            {"PGDATABASE": "roster", "PGUSER": "roster", "PGHOST": "/var/run/postgresql"},
        ),
        (
            "postgres:////var/run/postgresql/roster",
            {"PGDATABASE": "roster", "PGHOST": "/var/run/postgresql"},
        ),
        (
            "postgres://roster@127.0.0.1/roster?passfile=/srv/campus-roster/.pgpass",
            {
                "PGDATABASE": "roster",
                "PGUSER": "roster",
                "PGHOST": "127.0.0.1",
                "PGPASSFILE": "/srv/campus-roster/.pgpass",
            },
        ),
        (
            "postgres://roster:secret@/campus?host=db.example.edu&port=5433&target_session_attrs=read-write&sslsni=0",
            {
                "PGDATABASE": "campus",
                "PGUSER": "roster",
                "PGPASSWORD": "secret",
                "PGHOST": "db.example.edu",
                "PGPORT": "5433",
                "PGTARGETSESSIONATTRS": "read-write",
                "PGSSLSNI": "0",
            },
        ),
    ],
    ids=["password", "socket", "folder", "passfile", "options"],
)
def test_the_database_is_the_one_of_the_url(
    monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    assert variables(env.database("DATABASE_URL", default="")) == expected


def test_a_program_gets_it_by_its_environment_and_the_rest_of_the_line_as_it_is() -> None:
    run = ran("postgres://roster:secret@127.0.0.1/campus", "sh", "-c", 'echo "$PGDATABASE $PGPASSWORD $0"', "a b")

    assert (run.returncode, run.stdout) == (0, "campus secret a b\n")


def test_it_becomes_the_program_so_that_no_command_line_holds_the_password(tmp_path: Path) -> None:
    run = ran("postgres://roster:secret@127.0.0.1/campus", "sh", "-c", "tr '\\0' ' ' < /proc/$$/cmdline")

    assert "secret" not in run.stdout
    assert run.stdout.startswith("sh -c")


def test_the_status_is_that_of_the_program() -> None:
    assert ran("postgres://roster@127.0.0.1/campus", "sh", "-c", "exit 7").returncode == 7


@pytest.mark.parametrize(
    "url, command, sentence",
    [
        ("sqlite:///roster.sqlite3", ["pg_dump"], "DATABASE_URL names a SQLite file"),
        ("postgres://roster@127.0.0.1/campus", [], "Give the program to run"),
        ("postgres://roster@127.0.0.1/campus", ["no-such-program"], "no-such-program cannot be run"),
        ("nonsense", ["pg_dump"], "DATABASE_URL is not the URL of a database"),
    ],
)
def test_an_impossible_value_is_reported_in_a_sentence(url: str, command: list[str], sentence: str) -> None:
    run = ran(url, *command)

    assert run.returncode == 1
    assert run.stderr.startswith(sentence)
    assert "Traceback" not in run.stderr
