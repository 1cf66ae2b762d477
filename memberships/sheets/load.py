"""Reads the roster from a folder into a database that has none. PostgreSQL reads memberships by itself."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from memberships.bulk import Row, Table, batches
from memberships.indexes import (
    are_empty,
    check_references_at_once,
    gather_statistics,
    indexes_afterwards,
    move_sequences,
)
from memberships.models import Membership
from memberships.sheets.cells import Column, Unreadable
from memberships.sheets.sheets import SHEETS, Sheet
from organizations.models import Organization, Position
from organizations.models.position import order_key
from roster import changes
from roster.models import User
from roster.names import FoldedField
from roster.secrets import no_password

CHUNK = 2**20
"""Bytes that are read from a file at a time."""

COPIED = (Membership, Organization.categories.through)
"""Tables without texts: all that there is to check about them, the database checks."""

MODELS = [sheet.model for sheet in SHEETS]

Progress = Callable[[str, int], object]


class Refused(Exception):
    """A folder that cannot be loaded. The text is a sentence that says where and why."""


def load(folder: Path, progress: Progress) -> dict[str, int]:
    """Load every sheet of the folder, or nothing: the number of rows by file. `progress` is told rows as they come."""
    files = found_in(folder)
    if not are_empty(model for model in MODELS if model is not User):
        raise Refused("This database has a roster already. Name an empty one: DATABASE_URL=...")
    counts = {}
    with transaction.atomic():
        check_references_at_once()
        sheet = SHEETS[0]
        try:
            with indexes_afterwards(MODELS):
                for sheet in files:
                    counts[sheet.file] = File(sheet, folder / sheet.file).load(progress)
            connection.check_constraints()
        except (DataError, IntegrityError) as error:
            raise Refused(told(error, sheet)) from error
        move_sequences(MODELS)
        changes.note()
    gather_statistics(MODELS)
    return counts


def found_in(folder: Path) -> list[Sheet]:
    """The sheets that the folder has. Refused where it has none, or a file that nobody would read."""
    try:
        names = {path.name for path in folder.iterdir() if path.suffix.lower() == ".csv"}
    except OSError as error:
        raise Refused(f"{folder} cannot be read: {error.strerror}.") from error
    known = [sheet.file for sheet in SHEETS]
    if strangers := sorted(names.difference(known)):
        raise Refused(f"{strangers[0]} is none of {', '.join(known)}. Rename it, or take it out of the folder.")
    if not names:
        raise Refused(f"{folder} has none of {', '.join(known)}.")
    return [sheet for sheet in SHEETS if sheet.file in names]


class File:
    """One sheet of the folder."""

    def __init__(self, sheet: Sheet, path: Path) -> None:
        self.sheet = sheet
        self.path = path
        self.row = 1
        """The row that was read last, the headings being the first."""

    def load(self, progress: Progress) -> int:
        try:
            columns = self.headings()
            if self.sheet.model in COPIED and columns == set(self.sheet.fields) and connection.vendor == "postgresql":
                return self.copy(progress)
            return self.write(progress)
        except OSError as error:
            raise Refused(f"{self.sheet.file} cannot be read: {error.strerror}.") from error
        except (Unreadable, UnicodeDecodeError, csv.Error) as error:
            sentence = error if isinstance(error, Unreadable) else f"No CSV in UTF-8 with commas ({error})."
            raise Refused(f"{self.sheet.file}, row {self.row:,}: {sentence}") from error

    def rows(self) -> Iterator[list[str]]:
        with self.path.open(newline="", encoding="utf-8-sig") as lines:
            yield from csv.reader(lines, strict=True)

    def headings(self) -> set[str]:
        """The columns of the file. Unreadable where one is not known, or one is missing that has no default."""
        self.order = next(self.rows(), [])
        columns, known = set(self.order), self.sheet.fields
        if strangers := [name for name in self.order if name not in known]:
            raise Unreadable(f"The column {strangers[0]!r} is none of {', '.join(known)}. Is it parted by commas?")
        if len(columns) < len(self.order):
            raise Unreadable("A column stands there twice.")
        self.defaults: dict[str, Any] = {
            name: str(timezone.now()) for name in ("created_at", "modified_at") if name in known
        }
        table = Table(self.sheet.model)
        if missing := [name for name in known if name not in {*columns, *self.defaults} and name not in table.defaults]:
            raise Unreadable(f"There is no column {missing[0]!r}, and it is needed.")
        return columns

    def copy(self, progress: Progress) -> int:
        """Let the database read the file itself."""
        names = {field.attname: connection.ops.quote_name(field.column) for field in self.sheet.fields.values()}
        columns = ", ".join(names[name] for name in self.order)
        table = connection.ops.quote_name(self.sheet.model._meta.db_table)
        with connection.cursor() as cursor:
            copying: Any = cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv, HEADER true)")
            with connection.wrap_database_errors, copying as copy, self.path.open("rb") as content:
                while chunk := content.read(CHUNK):
                    copy.write(chunk)
            progress(self.sheet.file, cursor.rowcount)
            return int(cursor.rowcount)

    def write(self, progress: Progress) -> int:
        """Check every cell, and work out what does not travel."""
        count = 0

        def advance(rows: int) -> None:
            nonlocal count
            count += rows
            progress(self.sheet.file, rows)

        # asked for before the first row: while rows are copied the connection answers nothing else
        names = dict(Organization.objects.values_list("pk", "name_folded")) if self.sheet.model is Position else {}
        table = Table(self.sheet.model)
        table.write(self.values(table, names), advance)
        return count

    def values(self, table: Table, names: dict[int, str]) -> Iterator[Row]:
        """The rows of the file; `names` are the folded names of organizations, by which positions stand in order."""
        readers = [(name, Column(self.sheet.fields[name])) for name in self.order]
        folded = [field for field in table.model._meta.fields if isinstance(field, FoldedField)]
        missing = {**table.defaults, **self.defaults}
        rows = self.rows()
        next(rows)
        for batch in batches(rows):
            columns = self.read(batch, readers)
            size = len(batch)
            columns |= {
                name: [missing[name]] * size for name in table.fields if name in missing and name not in columns
            }
            columns |= {field.attname: field.folded_all(columns) for field in folded}
            if table.model is User:
                columns["password"] = [no_password() for _ in batch]
            if table.model is Position:
                columns["order_key"] = self.order_keys(columns, names)
            yield from zip(*(columns[name] for name in table.fields), strict=True)
            self.row += size

    def read(self, batch: list[list[str]], readers: "list[tuple[str, Column]]") -> dict[str, list[Any]]:
        """The values of some rows by column. Unreadable at the first cell that cannot be taken."""
        for number, cells in enumerate(batch, start=1):
            if len(cells) != len(readers):
                self.row += number
                raise Unreadable(f"It has {len(cells)} cells and not {len(readers)}, as there are headings.")
        columns = {}
        for (name, column), texts in zip(readers, zip(*batch, strict=True), strict=True):
            try:
                columns[name] = column.all(texts)
            except Unreadable:
                for text in texts:
                    self.row += 1
                    try:
                        column.read(text)
                    except Unreadable as error:
                        raise Unreadable(f"{name}: {error}") from error
        return columns

    def order_keys(self, columns: dict[str, list[Any]], names: dict[int, str]) -> list[str]:
        keys = []
        for number, (organization, name) in enumerate(
            zip(columns["organization_id"], columns["name"], strict=True), start=1
        ):
            if organization not in names:
                self.row += number
                raise Unreadable(f"organization_id: There is no organization {organization}.")
            keys.append(order_key(names[organization], organization, name))
        return keys


def told(error: Exception, sheet: Sheet) -> str:
    """What the database refused, as a sentence: the rule that a row breaks, and where that is known."""
    diagnosis: Any = getattr(error.__cause__, "diag", None)
    table = getattr(diagnosis, "table_name", None)
    file = next((each.file for each in SHEETS if each.model._meta.db_table == table), sheet.file)
    rule = next(
        (rule for model in MODELS for rule in model._meta.constraints if is_named(rule, model, str(error))), None
    )
    sentence = str(rule.get_violation_error_message()) if rule else str(error).partition("\n")[0]
    context = getattr(diagnosis, "context", None) or ""
    where = context.partition(", ")[2].partition("\n")[0]
    details = [part for part in (getattr(diagnosis, "message_detail", None) if not rule else None, where) if part]
    return f"{file}: {sentence}" + (f" ({'; '.join(details)})" if details else "")


def is_named(rule: Any, model: type[Model], message: str) -> bool:
    """Does a database say that a row breaks this rule? Of uniqueness SQLite names the columns."""
    columns = ", ".join(f"{model._meta.db_table}.{name}" for name in getattr(rule, "fields", ()))
    return rule.name in message or bool(columns and message.endswith(f": {columns}"))
