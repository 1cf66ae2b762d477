"""Inserts and updates rows in batches. Rows that do not change are not written."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, ClassVar

from django.db import connection
from django.db.models import JSONField, Model, QuerySet
from django.utils import timezone

from memberships.importing.bulk import Row, Table
from memberships.importing.errors import ImportErrors, RecordLocation
from roster import days
from roster.models import HasDerivedColumns, ShownTimeStamped
from roster.names import SearchKeyField

RecordValues = dict[str, Any]
"""The values of a record by the names of columns. Columns without a value are missing."""

Batch = dict[int, RecordValues]
"""The values of records of one kind, by their ids."""


@dataclass
class RowCounts:
    """The numbers of created, changed and unchanged rows of one kind."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    made: int = 0
    """Created from references in other records."""


class Upsert:
    """Writes records of one kind."""

    model: ClassVar[type[Model]]
    parts: ClassVar[frozenset[str]] = frozenset()
    """Values that are not stored in columns of the model."""
    parts_are_of_row: ClassVar[bool] = True
    """Does a row count as modified if only such a value changes?"""
    also: ClassVar[frozenset[str]] = frozenset()
    """Columns to read besides those that the records give."""

    def __init__(self, count: RowCounts, import_errors: ImportErrors) -> None:
        self.count = count
        self.import_errors = import_errors
        self.shown_parts: set[int] = set()
        """Ids of rows with a changed public value that is not a column."""

    def write(self, batch: Batch, locations: dict[int, RecordLocation]) -> None:
        """Write the records that differ from the stored rows; nothing if there are errors."""
        columns_given = {column for values in batch.values() for column in values} - self.parts
        columns = ["pk", *sorted(columns_given | self.also)]
        rows = unscoped(self.model).filter(pk__in=batch).values_list(*columns)
        kept = {row[0]: dict(zip(columns, row, strict=True)) for row in rows}
        self.check(kept, batch, locations)
        if self.import_errors.count:
            return
        new = {number: values for number, values in batch.items() if number not in kept}
        insert(self.rows_of(new))
        touched = self.write_parts(batch) & kept.keys()
        changes = {number: self.changes(kept[number], batch[number]) for number in kept}
        changed = {number: change for number, change in changes.items() if change or number in touched}
        self.change({number: change for number, change in changed.items() if change or self.parts_are_of_row})
        self.count.created += len(new)
        self.count.changed += len(changed)
        self.count.unchanged += len(kept) - len(changed)

    def make(self, batch: Batch) -> None:
        """Create rows from references in other records."""
        insert(self.rows_of(batch))
        self.count.made += len(batch)

    def change(self, changes: Batch) -> None:
        """Change columns of rows. The rows are locked and read again, so that their other columns keep their values."""
        rows = list(unscoped(self.model).select_for_update(no_key=True).filter(pk__in=changes).order_by("pk"))
        columns = {column for change in changes.values() for column in change}
        now = timezone.now()
        for row in rows:
            for column, value in changes[row.pk].items():
                setattr(row, column, value)
            if isinstance(row, ShownTimeStamped) and (
                row.pk in self.shown_parts or row.is_shown_change(changes[row.pk])
            ):
                row.shown_modified_at = now
                columns.add("shown_modified_at")
        bulk_update(rows, columns)
        self.follow(rows, changes)

    def check(self, kept: Batch, batch: Batch, locations: dict[int, RecordLocation]) -> None:
        """Report records that may not change the stored row."""

    def rows_of(self, new: Batch) -> list[Any]:
        """New rows of the model."""
        return [
            self.model(pk=number, **{column: value for column, value in values.items() if column not in self.parts})
            for number, values in new.items()
        ]

    def changes(self, kept: RecordValues, given: RecordValues) -> RecordValues:
        """The columns that a record changes, with their new values."""
        return {
            column: value
            for column, value in given.items()
            if column not in self.parts and not same(kept[column], value)
        }

    def write_parts(self, batch: Batch) -> set[int]:
        """Write values that are not columns. Returns the ids of rows with changed values."""
        return set()

    def follow(self, rows: list[Any], changes: Batch) -> None:
        """Update other tables that depend on the changed columns."""


def insert(rows: list[Any]) -> None:
    """Insert new rows. IntegrityError if an id is already used; it is not overwritten."""
    if rows and issubclass(type(rows[0]), HasDerivedColumns):
        type(rows[0]).derive(rows)
    if rows and connection.vendor == "postgresql":
        copy_rows(rows)
    elif rows:
        unscoped(type(rows[0])).bulk_create(rows)


def copy_rows(rows: list[Any]) -> None:
    """Insert rows with COPY, which is much faster than bulk_create()."""
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key and rows[0].pk is None)]
    made = [field for field in fields if isinstance(field, SearchKeyField) or getattr(field, "auto_now", False)]
    structured = [(index, field) for index, field in enumerate(fields) if isinstance(field, JSONField)]
    values_of = attrgetter(*(field.attname for field in fields))

    def lines() -> Iterator[Row]:
        for row in rows:
            for field in made:
                field.pre_save(row, True)
            values = list(values_of(row))
            for index, field in structured:
                values[index] = json.dumps(values[index], cls=field.encoder)
            yield tuple(values)

    Table(model, tuple(field.attname for field in fields)).write(lines(), lambda written: None)


def bulk_update(rows: list[Any], columns: Iterable[str]) -> None:
    """Update columns of existing rows, with the columns derived from them and `modified_at`."""
    if rows:
        model, changed = type(rows[0]), set(columns)
        if issubclass(model, HasDerivedColumns):
            changed |= model.derive(rows, changed)
        changed |= {f.name for f in model._meta.fields if isinstance(f, SearchKeyField) and f.sources & changed}
        changed |= {f.name for f in model._meta.fields if f.name == "modified_at"}
        names = sorted({model._meta.get_field(column).name for column in changed})
        unscoped(model).bulk_create(rows, update_conflicts=True, update_fields=names, unique_fields=["id"])


def unscoped(model: type[Model]) -> QuerySet[Any]:
    """All rows as a plain QuerySet, because the model's own refuses bulk changes of names."""
    return QuerySet(model)


def same(kept: Any, given: Any) -> bool:
    """Are the values equal? Instants are stored in microseconds and given in milliseconds."""
    if isinstance(kept, dt.datetime) and isinstance(given, dt.datetime):
        return days.milliseconds(kept) == days.milliseconds(given)
    return bool(kept == given)
