"""`manage.py load_roster`: all that was exported, with its ids, in a database that had none."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Model

from memberships.importing.csv.tables import CSV_TABLES
from memberships.models import Membership
from organizations.models import Organization, Position
from roster.models import User
from roster.reads.snapshot import current_snapshot
from tests.memberships.importing.csv.conftest import Nowhere, rewrite, rows_of
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NEW: dict[type[Model], set[str]] = {User: {"password", "is_staff", "is_superuser"}}
"""Columns that are not as they were."""


def contents() -> dict[str, list[dict[str, Any]]]:
    return {
        csv_table.file: [
            {name: value for name, value in row.items() if name not in NEW.get(csv_table.model, ())}
            for row in csv_table.model._base_manager.order_by("pk").values()
        ]
        for csv_table in CSV_TABLES
    }


def load(folder: Path) -> None:
    call_command("load_roster", folder, verbosity=0, stdout=Nowhere())


def test_everything_is_as_it_was(sample: SampleData, folder: Path, request: pytest.FixtureRequest) -> None:
    before = contents()
    request.getfixturevalue("emptied")

    load(folder)

    assert contents() == before
    assert all(before.values())


def test_nobody_can_sign_in(emptied: Path) -> None:
    load(emptied)

    assert not any(user.has_usable_password() or user.is_staff for user in User.objects.all())


def test_new_rows_get_ids_after_the_loaded(emptied: Path) -> None:
    load(emptied)
    last = Organization.objects.order_by("-pk")[0].pk

    assert Organization.objects.create(name="New").pk > last


def test_what_was_cached_of_the_roster_is_invalidated(emptied: Path) -> None:
    before = current_snapshot()

    load(emptied)

    assert not before.is_unchanged_at(current_snapshot())


def test_columns_may_stand_in_another_order_or_be_left_out(emptied: Path) -> None:
    rows = rows_of(emptied / "memberships.csv")
    names = ("user_id", "position_id", "shown_on_public", "shown_on_campus", "recorded_start", "id")
    fewer = [{name: row[name] for name in names} for row in rows]
    rewrite(emptied / "memberships.csv", fewer)
    (emptied / "reflections.csv").unlink()

    load(emptied)

    assert Membership.objects.count() == len(rows)
    assert not Membership.objects.exclude(recorded_end=None, deleted_at=None).exists()


def test_a_spreadsheet_may_have_written_the_file(emptied: Path) -> None:
    file = emptied / "position_types.csv"
    text = file.read_text(encoding="utf-8-sig").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    before = len(rows_of(emptied / "positions.csv"))

    load(emptied)

    assert Position.objects.count() == before


@pytest.mark.parametrize("blank", ["", "   ", ",,,"])
def test_blank_rows_are_not_loaded(
    sample: SampleData, folder: Path, request: pytest.FixtureRequest, blank: str
) -> None:
    before = contents()
    request.getfixturevalue("emptied")
    for file in folder.iterdir():
        heading, _, rows = file.read_text(encoding="utf-8-sig").partition("\n")
        file.write_text("\n".join([blank, heading, blank, rows, blank, ""]), encoding="utf-8")

    load(folder)

    assert contents() == before
