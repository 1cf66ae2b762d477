"""docs/deploy/backup.sh: what it keeps, what it removes, and what it never takes for a backup."""

import datetime as dt
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository.import_order import ROOT

DUMP = 'for word; do case "$word" in --file=*) echo "$PGDATABASE" > "${word#--file=}" ;; esac; done'
GOOD = 'case "$1" in --list) echo "1; 0 0 TABLE DATA public memberships_membership roster" ;; esac'


class BackupFolder:
    """A checkout with the script in it, and programs that replace PostgreSQL's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.dumps = folder / "dumps"
        self.dumps.mkdir()
        (folder / "docs" / "deploy").mkdir(parents=True)
        shutil.copy(ROOT / "docs" / "deploy" / "backup.sh", folder / "docs" / "deploy")
        self.write(".venv/bin/python", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"')
        self.write("bin/pg_dump", DUMP)
        self.write("bin/pg_restore", GOOD)

    def write(self, path: str, text: str) -> None:
        program = self.folder / path
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/sh\n{text}\n")
        program.chmod(0o755)

    def old(self, days: float) -> str:
        """A dump of so many days ago."""
        name = (dt.datetime.now(dt.UTC) - dt.timedelta(days=days)).strftime("roster-%Y%m%dT%H%M%SZ.dump")
        (self.dumps / name).touch()
        return name

    def back_up(self, **variables: str) -> "subprocess.CompletedProcess[str]":
        environment = {
            "DATABASE_URL": "postgres://roster@127.0.0.1/campus",
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            **variables,
        }
        command = [self.folder / "docs" / "deploy" / "backup.sh", self.dumps]
        return subprocess.run(command, check=False, env=environment, capture_output=True, text=True)


@pytest.fixture
def backup(tmp_path: Path) -> BackupFolder:
    return BackupFolder(tmp_path)


def test_it_dumps_the_database_of_the_url_for_its_owner_alone(backup: BackupFolder) -> None:
    run = backup.back_up()

    assert run.returncode == 0, run.stderr
    [dump] = backup.dumps.iterdir()
    assert run.stdout == f"{dump}\n"
    assert dump.read_text() == "campus\n"
    assert stat.S_IMODE(dump.stat().st_mode) == 0o600


def test_it_removes_what_is_older_than_it_is_to_keep_and_nothing_else(backup: BackupFolder) -> None:
    old, young = [backup.old(days) for days in (31, 400)], [backup.old(days) for days in (29, 1)]
    others = ["roster.dump", "roster-notes.txt", "another-20200101T000000Z.dump"]
    for name in others:
        (backup.dumps / name).touch()

    made = Path(backup.back_up().stdout.strip()).name

    assert {path.name for path in backup.dumps.iterdir()} == {*young, *others, made}
    assert not set(old) & {path.name for path in backup.dumps.iterdir()}


def test_it_keeps_dumps_for_the_configured_number_of_days(backup: BackupFolder) -> None:
    week, yesterday = backup.old(8), backup.old(1)

    backup.back_up(KEEP_DAYS="7")

    left = {path.name for path in backup.dumps.iterdir()}
    assert (week in left, yesterday in left) == (False, True)


@pytest.mark.parametrize(
    "path, text",
    [
        ("bin/pg_dump", f"{DUMP}; exit 1"),
        ("bin/pg_restore", "exit 1"),
        ("bin/pg_restore", "true"),
    ],
    ids=["no dump", "a damaged one", "one without memberships"],
)
def test_a_dump_that_is_not_good_is_an_error_and_no_old_one_goes_for_it(
    backup: BackupFolder, path: str, text: str
) -> None:
    old = backup.old(90)
    backup.write(path, text)

    assert backup.back_up().returncode == 1
    assert [each.name for each in backup.dumps.iterdir()] == [old]


def test_a_folder_is_needed(backup: BackupFolder) -> None:
    command = [backup.folder / "docs" / "deploy" / "backup.sh"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)

    assert run.returncode != 0
    assert "Name the folder for the dumps" in run.stderr
