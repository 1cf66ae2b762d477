"""Every column of every file takes and refuses the same cells on both databases, in the same words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from memberships.importing.csv.cells import ColumnReader, InvalidCell
from memberships.importing.csv.row_checks import RULES, unique_sets
from memberships.importing.csv.tables import CSV_TABLES
from memberships.models import Membership
from roster.ranges import DAYS_SENTENCE, INSTANTS_SENTENCE, InRange
from tests.memberships.importing.csv.conftest import Nowhere, rewrite, rows_of

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

COLUMNS = [(csv_table, name) for csv_table in CSV_TABLES for name in csv_table.fields]
AN_ID = "A whole number from 1 to 2147483647 is needed"
A_DAY, AN_INSTANT = "A day like 2026-10-01 is needed", "An instant like 2026-10-01 12:00:00+00 is needed"
GOOD: dict[str, list[str]] = {
    "id": ["1", "007", "2147483647"],
    "flag": ["true", "FALSE", "t", "0"],
    "day": ["1600-01-01", "2024-02-29", "9999-12-31"],
    "instant": [
        *("1600-01-01 00:00:00.000000+00", "9999-12-30 23:59:59.999999+00", "2026-10-01", "2026-10-01T12:00Z"),
        *("2026-10-01 12:00:00+02", "2026-10-01 12:00:00.5-04:30"),
    ],
}
BAD: dict[str, dict[str, str]] = {
    "id": {
        **dict.fromkeys(["0", "-5", "1.0", " 1", "1 ", "x", "２", "2147483648", "9" * 5000, "1\x00"], AN_ID),
    },
    "flag": dict.fromkeys(["7", "yes", "true ", "\x00"], "true or false is needed"),
    "day": {
        **dict.fromkeys(
            ["01/10/2019", "31.10.2020", "infinity", "10000-01-01", "0044-03-15 BC", "2019-02-29", "20191001"], A_DAY
        ),
        **dict.fromkeys(["today", "2019-10-1", "2019-10-01 ", "2019-W40-2", "\\.", "\x00"], A_DAY),
        **dict.fromkeys(["1599-12-31", "0001-01-01"], DAYS_SENTENCE),
    },
    "instant": {
        **dict.fromkeys(["infinity", "now", "10000-01-01", "01/10/2019 12:00", "2026-10-01 24:00:00"], AN_INSTANT),
        **dict.fromkeys(["2026-10-01 12:60:00", "2026-02-30 12:00:00.000000+00", "1795826000000"], AN_INSTANT),
        **dict.fromkeys(["1599-12-31 23:59:59+00", "9999-12-31 00:00:00.000000+00"], INSTANTS_SENTENCE),
        **dict.fromkeys(["0001-01-01 00:00:00+14", "9999-12-31 23:59:59-12"], INSTANTS_SENTENCE),
    },
    "json": {"": "It is needed", "{": "JSON is needed", "nan": "JSON is needed", "7": "", '{"a": 1}': ""},
    "text": {"a\x00b": "", "a\udcffb": "", "x" * 5000: "At most"},
}


def kind_of(field: Any) -> str:
    if isinstance(field, models.CharField | models.TextField):
        return "text"
    if isinstance(field, models.BooleanField):
        return "flag"
    if isinstance(field, models.DateTimeField):
        return "instant"
    if isinstance(field, models.DateField):
        return "day"
    return "json" if isinstance(field, models.JSONField) else "id"


@pytest.mark.parametrize("csv_table, name", COLUMNS, ids=lambda value: getattr(value, "file", value))
def test_a_column_refuses_what_no_cell_of_its_kind_may_say(csv_table: Any, name: str) -> None:
    field = csv_table.fields[name]
    for cell, sentence in BAD[kind_of(field)].items():
        if len(cell) == 5000 and (field.choices or (kind_of(field) == "text" and field.max_length is None)):
            continue  # no length is too long
        with pytest.raises(InvalidCell) as error:
            ColumnReader(field).read(cell)
        with pytest.raises(InvalidCell):
            ColumnReader(field).all([cell])
        assert str(error.value).startswith(sentence)
        assert len(str(error.value)) < 250


@pytest.mark.parametrize("csv_table, name", COLUMNS, ids=lambda value: getattr(value, "file", value))
def test_an_empty_cell_is_nothing_where_there_may_be_nothing(csv_table: Any, name: str) -> None:
    field = csv_table.fields[name]
    if field.null or (kind_of(field) == "text" and field.blank):
        assert ColumnReader(field).all(["", ""]) == ([None, None] if field.null else ["", ""])
    else:
        with pytest.raises(InvalidCell, match="It is needed, and this cell is empty"):
            ColumnReader(field).all([""])


@pytest.mark.parametrize("csv_table, name", COLUMNS, ids=lambda value: getattr(value, "file", value))
def test_a_whole_column_is_read_as_its_cells_are(csv_table: Any, name: str) -> None:
    column = ColumnReader(csv_table.fields[name])
    for cells in ([cell] for cell in GOOD.get(kind_of(csv_table.fields[name]), ())):
        assert column.all(cells) == [column.read(cell) for cell in cells]
    together = GOOD.get(kind_of(csv_table.fields[name]), [])
    assert column.all(together) == [column.read(cell) for cell in together]


def test_both_databases_keep_every_good_cell(emptied: Path) -> None:
    file = emptied / "memberships.csv"
    row = {**rows_of(file)[0], "recorded_start": "1600-01-01", "recorded_end": ""}
    fields = next(csv_table.fields for csv_table in CSV_TABLES if csv_table.model is Membership)
    changes = [
        {name: cell}
        for name, field in fields.items()
        if kind_of(field) in {"flag", "day", "instant"}
        for cell in GOOD[kind_of(field)]
    ]
    rewrite(file, [{**row, **change, "id": str(number)} for number, change in enumerate(changes, start=1)])
    (emptied / "reflections.csv").unlink()

    call_command("load_roster", emptied, verbosity=0, stdout=Nowhere())

    assert Membership.objects.count() == len(changes)


def of_file(change: Callable[[str], str | bytes]) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        text = change(file.read_text(encoding="utf-8-sig"))
        file.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def of_row(**cells: str) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        rows = rows_of(file)
        rewrite(file, [rows[0], {**rows[1], **cells}, *rows[2:]])

    return write


REFUSED: dict[str, tuple[Callable[[Path], None], str]] = {
    "the last day of a line of data": (of_row(recorded_start="01/10/2019"), f"row 3: recorded_start: {A_DAY}"),
    "infinity": (of_row(recorded_end="infinity"), f"row 3: recorded_end: {A_DAY}"),
    "a year beyond": (of_row(reported_end="10000-01-01"), f"row 3: reported_end: {A_DAY}"),
    "before Christ": (of_row(reported_start="0044-03-15 BC"), f"row 3: reported_start: {A_DAY}"),
    "an id of zero": (of_row(id="0"), f"row 3: id: {AN_ID}"),
    "an id below zero": (of_row(id="-5"), f"row 3: id: {AN_ID}"),
    "an id of 33 bits": (of_row(user_id="4294967296"), f"row 3: user_id: {AN_ID}"),
    "an id twice": (of_file(lambda text: text + text.splitlines()[1] + "\n"), "exists already."),
    "an end before its start": (
        of_row(recorded_start="2020-05-02", recorded_end="2020-05-01"),
        "row 3: recorded_end: A membership does not end before it starts.",
    ),
    "a line that ends a COPY": (
        of_file(lambda text: text.replace("\n", "\n\\.\n", 1)),
        "row 2: It has 1 cells, but there are 13 headings.",
    ),
    "a cell too many": (of_file(lambda text: text.replace("\n", ",\n")), "row 1: The column '' is not one of id"),
    "UTF-16": (of_file(lambda text: text.encode("utf-16")), "row 1: The column '\\udcff\\udcfe"),
    "an open quote": (
        of_file(lambda text: text + '"1'),
        "This is not CSV in UTF-8 with commas (unexpected end of data).",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_of_memberships_is_refused_in_the_same_words_on_both(emptied: Path, case: str) -> None:
    change, sentence = REFUSED[case]
    change(emptied / "memberships.csv")

    with pytest.raises(CommandError) as error:
        call_command("load_roster", emptied, verbosity=0, stdout=Nowhere())

    assert str(error.value).startswith("Nothing was loaded. memberships.csv, row ")
    assert sentence in str(error.value)


def test_quoted_cells_and_windows_line_ends_are_accepted(emptied: Path) -> None:
    file = emptied / "memberships.csv"
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    quoted = [",".join(f'"{cell}"' for cell in line.split(",")) for line in lines]
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(quoted).encode())

    call_command("load_roster", emptied, verbosity=0, stdout=Nowhere())

    assert Membership.objects.count() == len(lines) - 1


def test_every_rule_of_the_tables_is_checked_before_they_are_written() -> None:
    of_several_columns = {
        constraint.name
        for csv_table in CSV_TABLES
        for constraint in csv_table.model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and not isinstance(constraint, InRange)
        and "F(" in repr(constraint)
    }
    unique = {csv_table.file: [fields for fields, _ in unique_sets(csv_table.model)] for csv_table in CSV_TABLES}

    assert of_several_columns == set(RULES)
    assert unique["users.csv"] == [("username_folded",)]
    assert unique["organization_categories.csv"] == [("organization_id", "category_id")]
