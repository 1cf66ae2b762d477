"""Rows of whole tables, written in bulk: COPY on PostgreSQL, executemany elsewhere. No model instance is made."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.db import connection, models
from django.db.models import Max

Row = tuple[Any, ...]
"""The values of one row. Days and instants are text, in UTC, which both databases read alike."""

BATCH = 5000
"""Rows between two steps of the progress bar, and of one executemany."""


class Table:
    """A table and the order in which its columns are written: that of the model, unless `fields` says otherwise."""

    def __init__(self, model: type[models.Model], fields: tuple[str, ...] = ()) -> None:
        columns = {field.attname: field for field in model._meta.concrete_fields}
        self.model = model
        self.fields = fields or tuple(columns)
        self.columns = tuple(columns[name].column for name in self.fields)
        self._defaults = {name: _default(field) for name, field in columns.items() if _has_default(field)}

    def row(self, values: Mapping[str, Any]) -> Row:
        """A row of these values by field; a field that is not named has its default. KeyError when it has none."""
        merged = {**self._defaults, **values}
        return tuple([merged[name] for name in self.fields])

    def write(self, rows: Iterable[Row], progress: Callable[[int], object]) -> None:
        """Write all rows; `progress` is told the number of each batch."""
        table = connection.ops.quote_name(self.model._meta.db_table)
        columns = ", ".join(connection.ops.quote_name(column) for column in self.columns)
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                copying = cursor.copy(f"COPY {table} ({columns}) FROM STDIN")
                with connection.wrap_database_errors, copying as copy:
                    for batch in _batches(rows):
                        for row in batch:
                            copy.write_row(row)
                        progress(len(batch))
            else:
                places = ", ".join(["%s"] * len(self.columns))
                insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608  (names of our own tables)
                for batch in _batches(rows):
                    cursor.executemany(insert, batch)
                    progress(len(batch))


def next_id(model: type[models.Model]) -> int:
    """The first id that is free, after all that are there."""
    return (model._default_manager.aggregate(last=Max("pk"))["last"] or 0) + 1


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _has_default(field: models.Field) -> bool:
    """May a row leave this one out? Not where the default is another for each row: a time, a random id."""
    if field.has_default():
        return field.default in (list, dict) or not callable(field.default)
    is_text = isinstance(field, models.CharField | models.TextField)
    return field.null or (is_text and field.blank)


def _default(field: models.Field) -> Any:
    default = field.get_default()
    return json.dumps(default) if isinstance(field, models.JSONField) else default
