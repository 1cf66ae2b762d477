"""`manage.py export_roster`: the whole roster as CSV files, for its owner only."""

import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from memberships.importing.csv.tables import CSV_TABLES
from memberships.models import Membership
from tests.memberships.importing.csv.conftest import rows_of
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_there_is_a_file_for_each_table(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {csv_table.file for csv_table in CSV_TABLES}


@pytest.mark.parametrize("csv_table", CSV_TABLES, ids=lambda csv_table: csv_table.file)
def test_every_row_stands_there_in_the_order_of_its_id(folder: Path, csv_table: object) -> None:
    model, key = csv_table.model, csv_table.model._meta.pk.attname  # type: ignore[attr-defined]
    ids = list(model._base_manager.order_by("pk").values_list("pk", flat=True))

    assert [int(row[key]) for row in rows_of(folder / csv_table.file)] == ids  # type: ignore[attr-defined]


def test_a_membership_reads_as_in_a_spreadsheet(folder: Path, sample: SampleData) -> None:
    held: Membership = sample.amara_president
    row = next(row for row in rows_of(folder / "memberships.csv") if row["id"] == str(held.pk))

    assert row == {
        "id": str(held.pk),
        "created_at": f"{held.created_at:%Y-%m-%d %H:%M:%S.%f}+00",
        "modified_at": f"{held.modified_at:%Y-%m-%d %H:%M:%S.%f}+00",
        "shown_modified_at": f"{held.modified_at:%Y-%m-%d %H:%M:%S.%f}+00",
        "user_id": str(held.user_id),
        "position_id": str(held.position_id),
        "recorded_start": held.recorded_start.isoformat(),
        "recorded_end": held.recorded_end.isoformat() if held.recorded_end else "",
        "reported_start": held.reported_start.isoformat() if held.reported_start else "",
        "reported_end": held.reported_end.isoformat() if held.reported_end else "",
        "shown_on_campus": str(held.shown_on_campus).lower(),
        "shown_on_public": str(held.shown_on_public).lower(),
        "deleted_at": "",
    }


def test_no_password_and_no_right_travels(folder: Path) -> None:
    columns = set(rows_of(folder / "users.csv")[0])

    assert columns.isdisjoint({"password", "is_staff", "is_superuser"})
    assert "is_confidential" in columns


def test_the_files_are_for_their_owner_only(folder: Path) -> None:
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_folder_with_files_is_refused(folder: Path) -> None:
    with pytest.raises(CommandError, match="contains files already"):
        call_command("export_roster", folder)


def test_a_folder_that_cannot_be_made_is_refused(sample: SampleData, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_roster", tmp_path / "file" / "roster")
