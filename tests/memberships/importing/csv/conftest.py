"""A folder with all sample data, and a database without a roster."""

import csv
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from memberships.importing.csv.tables import CSV_TABLES
from organizations.models import LimitedKey
from roster.models import User
from tests.sample_data import SampleData


@pytest.fixture
def folder(sample: SampleData, tmp_path: Path) -> Path:
    """The sample data as files."""
    call_command("export_roster", tmp_path / "roster", verbosity=0, stdout=Nowhere())
    return tmp_path / "roster"


@pytest.fixture
def emptied(folder: Path) -> Path:
    """The sample data as files only."""
    models: list[Any] = [LimitedKey, User.groups.through, User.user_permissions.through]
    for model in [*models, *(csv_table.model for csv_table in reversed(CSV_TABLES))]:
        rows: Any = model._base_manager.all()
        rows._raw_delete(rows.db)
    return folder


class Nowhere:
    """Where a command may write what nobody reads."""

    def write(self, text: str) -> None:
        pass


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8-sig") as lines:
        return list(csv.DictReader(lines))


def rewrite(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
