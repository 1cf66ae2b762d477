"""An error of a load is reported with its file, its row and its column, and then nothing is loaded."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from memberships.importing.csv.tables import CSV_TABLES
from roster.models import User
from tests.memberships.importing.csv.conftest import Nowhere, rewrite, rows_of
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def refused(folder: Path) -> str:
    """Why the folder is not loaded."""
    with pytest.raises(CommandError) as error:
        call_command("load_roster", folder, verbosity=0, stdout=Nowhere())
    assert not any(csv_table.model._base_manager.exists() for csv_table in CSV_TABLES)
    return str(error.value)


@pytest.mark.parametrize("blank", ["", "   ", ",,,", " , "])
def test_blank_rows_are_no_rows_and_are_counted(emptied: Path, blank: str) -> None:
    file = emptied / "categories.csv"
    file.write_text("\n".join([blank, "id,name", blank, "1,Arts", blank, blank, "x,Sports", "3,Faith", blank, ""]))

    assert "categories.csv, row 7: id: A whole number from 1" in refused(emptied)


def change(folder: Path, name: str, column: str, value: str) -> None:
    """Write another value into the second row of a file."""
    rows = rows_of(folder / name)
    rows[0][column] = value
    rewrite(folder / name, rows)


@pytest.mark.parametrize(
    "file, column, value, sentence",
    [
        ("users.csv", "username", "", "users.csv, row 2: username: It is needed, and this cell is empty."),
        ("users.csv", "first_name", "A\tB", "users.csv, row 2: first_name: A name has no control characters"),
        ("users.csv", "status", "Active", "One of active, inactive, unregistered is needed, not 'Active'."),
        ("users.csv", "school", "x" * 151, "school: At most 150 characters are allowed, and this has 151."),
        ("users.csv", "is_confidential", "perhaps", "is_confidential: true or false is needed, not 'perhaps'."),
        ("users.csv", "id", "1.0", "id: A whole number from 1 to 2147483647 is needed, not '1.0'."),
        ("users.csv", "created_at", "yesterday", "created_at: An instant like 2026-10-01 12:00:00+00 is needed"),
        ("users.csv", "custom_fields", "[1]", 'Custom fields are a list: [{"name"'),
        ("users.csv", "attribute_times", "{", "attribute_times: JSON is needed"),
        (
            "positions.csv",
            "organization_id",
            "2147483647",
            "organization_id: There is no organization 2147483647.",
        ),
        (
            "memberships.csv",
            "recorded_end",
            "1900-01-01",
            "memberships.csv, row 2: recorded_end: A membership does not end before it starts.",
        ),
    ],
)
def test_an_invalid_cell_is_reported(emptied: Path, file: str, column: str, value: str, sentence: str) -> None:
    change(emptied, file, column, value)

    assert sentence in refused(emptied)


@pytest.mark.parametrize(
    "column, value", [("recorded_start", "31.10.2020"), ("user_id", "x"), ("shown_on_public", "7")]
)
def test_an_unreadable_membership_is_reported_with_its_line(emptied: Path, column: str, value: str) -> None:
    change(emptied, "memberships.csv", column, value)

    message = refused(emptied)

    assert message.startswith(f"Nothing was loaded. memberships.csv, row 2: {column}: ")
    assert repr(value) in message


def test_a_membership_of_nobody_is_refused(emptied: Path) -> None:
    change(emptied, "memberships.csv", "user_id", "2147483647")

    assert refused(emptied) == "Nothing was loaded. memberships.csv, row 2: user_id: There is no user 2147483647."


def test_two_usernames_that_compare_alike_are_refused(emptied: Path) -> None:
    rows = rows_of(emptied / "users.csv")
    rows[1]["username"] = rows[0]["username"].upper()
    rewrite(emptied / "users.csv", rows)

    assert "users.csv, row 3: username: Somebody has this username already" in refused(emptied)


@pytest.mark.parametrize(
    "content, sentence",
    [
        ("", "The column 'id' is missing."),
        ("id;name\n1;Club\n", "The column 'id;name' is not one of id, name. Are the columns separated by commas?"),
        ("id,name,id\n1,Club,1\n", "The same column appears twice."),
        ("id\n1\n", "The column 'name' is missing."),
        ("id,name\n1\n", "row 2: It has 1 cells, but there are 2 headings."),
        ('id,name\n1,"Club\n', "This is not CSV in UTF-8 with commas"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused(emptied: Path, content: str, sentence: str) -> None:
    (emptied / "categories.csv").write_text(content)

    assert sentence in refused(emptied)


def test_a_file_in_another_encoding_is_refused(emptied: Path) -> None:
    (emptied / "categories.csv").write_bytes("id,name\n1,Médias\n".encode("latin-1"))

    assert "categories.csv, row 2: name: It is not in UTF-8." in refused(emptied)


def test_a_file_that_nobody_would_read_is_refused(emptied: Path) -> None:
    (emptied / "membership.csv").write_text("id\n1\n")

    assert "membership.csv is not one of users.csv, " in refused(emptied)


def test_a_folder_without_files_is_refused(emptied: Path, tmp_path: Path) -> None:
    assert "contains none of users.csv, " in refused(tmp_path)
    assert "cannot be read" in refused(tmp_path / "nowhere")


def test_a_roster_is_never_loaded_over_another(sample: SampleData, folder: Path) -> None:
    before = User.objects.count()

    with pytest.raises(CommandError, match="This database has a roster already"):
        call_command("load_roster", folder, verbosity=0)
    assert User.objects.count() == before
