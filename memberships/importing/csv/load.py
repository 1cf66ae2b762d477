"""Loads the roster from a folder into a database without a roster, with the same rules on both databases."""

import csv
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from memberships.importing.bulk import BATCH, Table
from memberships.importing.csv.cells import ColumnReader, InvalidCell
from memberships.importing.csv.row_checks import LoadedIds, RowChecker
from memberships.importing.csv.tables import CSV_TABLES, CsvTable
from memberships.importing.deferred_indexes import (
    analyze,
    are_empty,
    deferred_indexes,
    reset_sequences,
    set_constraints_immediate,
)
from organizations.models import Organization, Position
from organizations.roster_order import order_key
from roster.batches import batched
from roster.history import change_tracking
from roster.models import User
from roster.names import SearchKeyField
from roster.secrets import no_password

MAX_CELL_LENGTH = 2**30
"""Maximum number of characters: descriptions have no limit, and every exported file must be loadable."""

MODELS = [csv_table.model for csv_table in CSV_TABLES]

ReportProgress = Callable[[str, int], object]


class LoadRefused(Exception):
    """The folder cannot be loaded. The message is a sentence with the location and the reason."""


def load(folder: Path, progress: ReportProgress) -> dict[str, int]:
    """Load all CSV tables in one transaction. Returns the number of rows by file.

    `progress` is called with the file and the number of rows of each batch. LoadRefused if something is invalid.
    """
    files = files_in(folder)
    if not are_empty(model for model in MODELS if model is not User):
        raise LoadRefused("This database has a roster already. Use an empty one: DATABASE_URL=...")
    counts = {}
    csv.field_size_limit(MAX_CELL_LENGTH)
    with transaction.atomic():
        set_constraints_immediate()
        loaded = LoadedIds()
        csv_table = CSV_TABLES[0]
        try:
            with deferred_indexes(MODELS):
                for csv_table in files:
                    counts[csv_table.file] = CsvFile(csv_table, folder / csv_table.file, loaded).load(progress)
            connection.check_constraints()
        except (DataError, IntegrityError) as error:
            raise LoadRefused(describe_error(error, csv_table)) from error
        reset_sequences(MODELS)
        change_tracking.log_change()
    analyze(MODELS)
    return counts


def files_in(folder: Path) -> list[CsvTable]:
    """The CSV tables in the folder. LoadRefused if there is none, or if there is an unknown CSV file."""
    try:
        names = {path.name for path in folder.iterdir() if path.suffix.lower() == ".csv"}
    except OSError as error:
        raise LoadRefused(f"{folder} cannot be read: {error.strerror}.") from error
    known = [csv_table.file for csv_table in CSV_TABLES]
    if unknown := sorted(names.difference(known)):
        raise LoadRefused(f"{unknown[0]} is not one of {', '.join(known)}. Rename it, or remove it from the folder.")
    if not names:
        raise LoadRefused(f"{folder} contains none of {', '.join(known)}.")
    return [csv_table for csv_table in CSV_TABLES if csv_table.file in names]


class CsvFile:
    """One CSV table of the folder."""

    def __init__(self, csv_table: CsvTable, path: Path, loaded: LoadedIds) -> None:
        self.csv_table = csv_table
        self.path = path
        self.checks = RowChecker(csv_table, loaded)
        self.row = 1
        """Number of the row that was read last; the headings are row 1. Blank rows are not counted."""
        self.blank: list[int] = []
        """For each blank row, the number of rows before it."""

    def load(self, progress: ReportProgress) -> int:
        try:
            self.headings()
            return self.write(progress)
        except OSError as error:
            raise LoadRefused(f"{self.csv_table.file} cannot be read: {error.strerror}.") from error
        except InvalidCell as error:
            raise LoadRefused(f"{self.csv_table.file}, row {self.row_in_file():,}: {error}") from error

    @contextmanager
    def opened(self) -> Iterator[Iterator[list[str]]]:
        """The rows, including the headings. Invalid UTF-8 is reported later by the readers of cells, with its row."""
        self.blank = []
        with self.path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as lines:
            try:
                yield self.rows_in(csv.reader(lines, strict=True))
            except csv.Error as error:
                self.row = self.rows_before_an_error() + 1
                raise InvalidCell(f"This is not CSV in UTF-8 with commas ({error}).") from error

    def rows_in(self, rows: Iterator[list[str]]) -> Iterator[list[str]]:
        """The rows without blank ones, which some programs add at the end."""
        count = 0
        for cells in rows:
            if is_blank(cells):
                self.blank.append(count)
            else:
                count += 1
                yield cells

    def row_in_file(self) -> int:
        """The number of the row that was read last, including blank rows."""
        return self.row + bisect_left(self.blank, self.row)

    def rows_before_an_error(self) -> int:
        """The number of rows before the first one that is not valid CSV."""
        count = 0
        with (
            self.path.open(newline="", encoding="utf-8-sig", errors="surrogateescape") as lines,
            suppress(csv.Error),
        ):
            for cells in csv.reader(lines, strict=True):
                count += not is_blank(cells)
        return count

    def refuse(self, index: int, sentence: str) -> InvalidCell:
        """An error about the row at this index of the last batch."""
        self.row += index + 1
        return InvalidCell(sentence)

    def headings(self) -> None:
        """Read the headings. InvalidCell if a column is unknown, or if one without a default is missing."""
        with self.opened() as rows:
            self.order = next(rows, [])
        columns, known = set(self.order), self.csv_table.fields
        if unknown := [name for name in self.order if name not in known]:
            raise InvalidCell(
                f"The column {unknown[0]!r} is not one of {', '.join(known)}. Are the columns separated by commas?"
            )
        if len(columns) < len(self.order):
            raise InvalidCell("The same column appears twice.")
        self.defaults: dict[str, Any] = {
            name: str(timezone.now()) for name in ("created_at", "modified_at", "shown_modified_at") if name in known
        }
        table = Table(self.csv_table.model)
        if missing := [name for name in known if name not in {*columns, *self.defaults} and name not in table.defaults]:
            raise InvalidCell(f"The column {missing[0]!r} is missing.")

    def write(self, progress: ReportProgress) -> int:
        """Check every cell, add the computed columns, and write the rows. Returns their number."""
        count = 0

        def advance(rows: int) -> None:
            nonlocal count
            count += rows
            progress(self.csv_table.file, rows)

        # read before the first row, because the connection cannot run other statements during COPY
        names = dict(Organization.objects.values_list("pk", "name_folded")) if self.csv_table.model is Position else {}
        table = Table(self.csv_table.model)
        table.write_columns(self.columns(table, names), advance)
        return count

    def columns(self, table: Table, names: dict[int, str]) -> Iterator[list[Sequence[Any]]]:
        """The rows of the file in batches of columns; `names` are the search keys of organization names by id."""
        readers = [(name, ColumnReader(self.csv_table.fields[name])) for name in self.order]
        folded = [field for field in table.model._meta.fields if isinstance(field, SearchKeyField)]
        missing = {**table.defaults, **self.defaults}
        with self.opened() as rows:
            next(rows)
            for batch in batched(rows, BATCH):
                columns = self.read(batch, readers)
                size = len(batch)
                if "shown_modified_at" in table.fields and "modified_at" in columns:
                    columns.setdefault("shown_modified_at", columns["modified_at"])  # older files have only this one
                columns |= {
                    name: [missing[name]] * size for name in table.fields if name in missing and name not in columns
                }
                columns |= {field.attname: field.search_keys_of(columns) for field in folded}
                self.checks.check(columns, self.row + 1, self.refuse)
                if table.model is User:
                    columns["password"] = [no_password() for _ in batch]
                if table.model is Position:
                    columns["order_key"] = self.order_keys(columns, names)
                yield [columns[name] for name in table.fields]
                self.row += size
        if missing_row := self.checks.missing():
            self.row, sentence = missing_row
            raise InvalidCell(sentence)

    def read(self, batch: list[list[str]], readers: "list[tuple[str, ColumnReader]]") -> dict[str, list[Any]]:
        """The values of some rows by column. InvalidCell for the first invalid cell."""
        if {*map(len, batch)} != {len(readers)}:
            index, size = next((index, len(cells)) for index, cells in enumerate(batch) if len(cells) != len(readers))
            raise self.refuse(index, f"It has {size} cells, but there are {len(readers)} headings.")
        columns = {}
        for (name, column), texts in zip(readers, zip(*batch, strict=True), strict=True):
            try:
                columns[name] = column.all(texts)
            except InvalidCell:
                for text in texts:
                    self.row += 1
                    try:
                        column.read(text)
                    except InvalidCell as error:
                        raise InvalidCell(f"{name}: {error}") from error
        return columns

    @staticmethod
    def order_keys(columns: dict[str, list[Any]], names: dict[int, str]) -> list[str]:
        pairs = zip(columns["organization_id"], columns["name"], strict=True)
        return [order_key(names[organization], organization, name) for organization, name in pairs]


def is_blank(cells: list[str]) -> bool:
    """Is a row empty, except for commas and spaces?"""
    return not any(map(str.strip, cells))


def describe_error(error: Exception, csv_table: CsvTable) -> str:
    """A sentence about an error of the database: the file, the violated constraint and, if known, the row."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", None)
    file = next((each.file for each in CSV_TABLES if each.model._meta.db_table == table), csv_table.file)
    rule = next(
        (rule for model in MODELS for rule in model._meta.constraints if is_named(rule, model, str(error))), None
    )
    sentence = str(rule.get_violation_error_message()) if rule else str(error).partition("\n")[0]
    context = getattr(diagnosis, "context", None) or ""
    where = context.partition(", ")[2].partition("\n")[0]
    details = [part for part in (getattr(diagnosis, "message_detail", None) if not rule else None, where) if part]
    return f"{file}: {sentence}" + (f" ({'; '.join(details)})" if details else "")


def is_named(rule: Any, model: type[Model], message: str) -> bool:
    """Is this the constraint in an error message? For unique constraints SQLite reports the columns instead."""
    columns = ", ".join(f"{model._meta.db_table}.{name}" for name in getattr(rule, "fields", ()))
    return rule.name in message or bool(columns and message.endswith(f": {columns}"))
