"""A database of each release is upgraded, and then every page of the admin and every list opens."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT
from tests.upgrade.dump import FOLDER

pytestmark = pytest.mark.both_databases

RELEASES = sorted({path.name.rsplit(".", 2)[0] for path in FOLDER.glob("*.sql")})


def upgraded(url: str, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **ENVIRONMENT, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, *command], check=False, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )


@pytest.fixture
def empty_database(tmp_path: Path, django_db_setup: None) -> Iterator[str]:
    """The URL of a new database of the kind that is tested."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/upgraded.sqlite3"
        return
    given = connection.settings_dict
    name = f"{given['NAME']}_upgraded"
    server = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    with closing(psycopg.connect(make_conninfo(dbname="postgres", **server), autocommit=True)) as maintenance:
        maintenance.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        maintenance.execute(f'CREATE DATABASE "{name}"')
        yield f"postgres://{given['USER']}:{given['PASSWORD']}@{given['HOST']}:{given['PORT']}/{name}"
        maintenance.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def load(url: str, dump: str) -> None:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            database.executescript(dump)
    else:
        with psycopg.connect(url) as database_connection:
            database_connection.execute(dump.encode())


@pytest.mark.parametrize("release", RELEASES)
def test_a_database_of_a_release_is_upgraded_and_everything_opens(release: str, empty_database: str) -> None:
    load(empty_database, (FOLDER / f"{release}.{connection.vendor}.sql").read_text(encoding="utf-8"))

    migrated = upgraded(empty_database, "manage.py", "migrate", "--no-input", "--verbosity", "0")
    checked = upgraded(empty_database, "manage.py", "check", "--database", "default")
    opened = upgraded(empty_database, "-m", "tests.upgrade.open_everything")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert checked.returncode == 0, checked.stderr
    assert opened.returncode == 0, opened.stderr


def test_each_release_has_a_database_of_both_kinds() -> None:
    names = {path.name for path in FOLDER.glob("*.sql")}

    assert RELEASES
    assert names == {f"{release}.{vendor}.sql" for release in RELEASES for vendor in ("sqlite", "postgresql")}
