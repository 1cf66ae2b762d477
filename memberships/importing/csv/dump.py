"""Writes the roster into a folder, row by row, so that it needs little memory for a roster of any size."""

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from memberships.importing.csv import formulas
from memberships.importing.csv.tables import CSV_TABLES, CsvTable

BATCH = 2_000
"""Rows that are fetched at once."""


class FolderUnusable(Exception):
    """The folder cannot be used. The message is a sentence with the reason and what to do."""


def dump(folder: Path) -> dict[str, int]:
    """Write every CSV table from one snapshot. Returns the number of rows by file; FolderUnusable on failure.

    The folder must be new or empty. A new one can be accessed only by its owner.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderUnusable(f"{folder} contains files already. Choose a new or empty folder.")
        with transaction.atomic():
            use_one_snapshot()
            return {csv_table.file: dump_table(csv_table, folder / csv_table.file) for csv_table in CSV_TABLES}
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FolderUnusable(f"{folder} cannot be written ({reason}). Choose a folder that is writable.") from error


def use_one_snapshot() -> None:
    """Make the whole transaction read the snapshot of its first statement, even if others write meanwhile."""
    if connection.vendor == "postgresql" and not connection.savepoint_ids:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def dump_table(csv_table: CsvTable, file: Path) -> int:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(
        descriptor, "w", newline="", encoding="utf-8-sig"
    ) as output:  # Excel needs the byte order mark for accents
        writer = csv.writer(output, lineterminator="\r\n")  # so that cells with one of these characters are quoted
        writer.writerow(csv_table.fields)
        count = 0
        texts = [index for index, field in enumerate(csv_table.fields.values()) if is_text(field)]
        for batch in read_batches(csv_table):
            writer.writerows(escape_formulas(batch, texts))
            count += len(batch)
        return count


def is_text(field: Any) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def escape_formulas(batch: list[Any], texts: list[int]) -> Iterable[Any]:
    """The rows of a batch, with escaped texts in the columns of these indexes (`formulas`)."""
    if not texts:
        return batch
    columns: list[Any] = list(zip(*batch, strict=True))
    for index in texts:
        columns[index] = list(map(formulas.escaped, columns[index]))
    return zip(*columns, strict=True)


def read_batches(csv_table: CsvTable) -> Iterator[list[Any]]:
    """The rows of a CSV table in the order of their ids, as texts."""
    quote = connection.ops.quote_name
    columns = ", ".join(as_text(field) for field in csv_table.fields.values())
    table, key = quote(csv_table.model._meta.db_table), quote(str(csv_table.model._meta.pk.column))
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY {key}")  # noqa: S608  (our own table)
        while batch := cursor.fetchmany(BATCH):
            yield batch


def as_text(field: models.Field) -> str:
    """The SQL for a column in the same format on both databases: flags as true and false, instants in UTC."""
    column = connection.ops.quote_name(str(field.column))
    kind = field.get_internal_type()
    if kind == "BooleanField":
        return f"CASE WHEN {column} THEN 'true' WHEN NOT {column} THEN 'false' END"
    if kind == "DateTimeField" and connection.vendor == "postgresql":
        return f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'"
    if kind == "DateTimeField":
        return f"CASE WHEN instr({column}, '.') THEN {column} || '+00' ELSE {column} || '.000000+00' END"
    return f"CAST({column} AS text)" if kind == "JSONField" or kind == "DateField" else column
