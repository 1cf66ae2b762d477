"""Writes many rows without model instances: with COPY on PostgreSQL, with executemany on other databases."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models import Max

from roster.batches import batched
from roster.querysets import FIRST_LOCAL_ID

T = TypeVar("T")

Row = tuple[Any, ...]
"""The values of one row. Days and instants are texts in UTC, in a format that both databases accept."""

SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
"""The escape sequences of COPY for the characters that separate its lines and cells."""

BATCH = 5000
"""Number of rows that are sent at once; progress is reported after each batch."""


class Table:
    """A table and the columns that are written, in the order of the model or of `fields`."""

    def __init__(self, model: type[models.Model], fields: tuple[str, ...] = ()) -> None:
        columns = {field.attname: field for field in model._meta.concrete_fields}
        self.model = model
        self.fields = fields or tuple(columns)
        self.defaults = {name: _default(field) for name, field in columns.items() if _has_default(field)}
        """Values of the fields that a row may omit."""

    def row(self, values: Mapping[str, Any]) -> Row:
        """A row from values by field; a missing field gets its default. KeyError if it has none."""
        merged = {**self.defaults, **values}
        return tuple([merged[name] for name in self.fields])

    def write(self, rows: Iterable[Row], progress: Callable[[int], object]) -> None:
        """Write all rows; `progress` is called with the number of rows of each batch."""
        self.write_columns((list(zip(*batch, strict=True)) for batch in batched(rows, BATCH)), progress)

    def write_columns(self, batches: Iterable[Sequence[Sequence[Any]]], progress: Callable[[int], object]) -> None:
        """Write batches of rows that are given by columns."""
        put = self._copy if connection.vendor == "postgresql" else self._insert
        with connection.cursor() as cursor:
            put(cursor, batches, progress)

    def _copy(self, cursor: Any, batches: Iterable[Sequence[Sequence[Any]]], progress: Callable[[int], object]) -> None:
        """Send batch after batch; PostgreSQL writes one while the next is being prepared."""
        copying = cursor.copy(f"COPY {self._target} FROM STDIN")
        with connection.wrap_database_errors, copying as copy:
            for columns in batches:
                copy.write(lines(columns))
                progress(len(columns[0]))

    def _insert(
        self, cursor: Any, batches: Iterable[Sequence[Sequence[Any]]], progress: Callable[[int], object]
    ) -> None:
        placeholders = ", ".join(["%s"] * len(self.fields))
        for columns in batches:
            rows = zip(*columns, strict=True)
            cursor.executemany(f"INSERT INTO {self._target} VALUES ({placeholders})", rows)  # noqa: S608  (our own table)
            progress(len(columns[0]))

    @property
    def _target(self) -> str:
        """The table and its columns, in SQL."""
        names = {field.attname: field.column for field in self.model._meta.concrete_fields}
        quote = connection.ops.quote_name
        return f"{quote(self.model._meta.db_table)} ({', '.join(quote(names[name]) for name in self.fields)})"


def lines(columns: Sequence[Sequence[Any]]) -> str:
    """Rows as lines of PostgreSQL's COPY. Whole columns are converted, which is much faster than single cells."""
    return "\n".join(map("\t".join, zip(*map(cells, columns), strict=True))) + "\n"


def cells(values: Sequence[Any]) -> Sequence[str]:
    """The values of one column in the text format of COPY."""
    kinds = set(map(type, values))
    if str in kinds and SPECIAL.search("\x00".join([value for value in values if type(value) is str])):
        values = [value.translate(ESCAPED) if type(value) is str else value for value in values]
    if kinds == {str}:
        return values
    if type(None) in kinds:
        return [r"\N" if value is None else str(value) for value in values]
    return list(map(str, values))


def next_id(model: type[models.Model]) -> int:
    """The next free id after all existing ones, except the ids of accounts from `createsuperuser`."""
    return (model._default_manager.filter(pk__lt=FIRST_LOCAL_ID).aggregate(last=Max("pk"))["last"] or 0) + 1


def _has_default(field: models.Field) -> bool:
    """May a row omit this field? Not if the default is different for each row, such as a time or a random id."""
    if field.has_default():
        return field.default in (list, dict) or not callable(field.default)
    is_text = isinstance(field, models.CharField | models.TextField)
    return field.null or (is_text and field.blank)


def _default(field: models.Field) -> Any:
    default = field.get_default()
    return json.dumps(default) if isinstance(field, models.JSONField) else default
