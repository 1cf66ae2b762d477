"""SQL that Django compiled once, with placeholders for the values of each request."""

import datetime as dt
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Self

from django.db import connection
from django.db.models import BigIntegerField, Expression, Func, JSONField, QuerySet

from roster.reads.raw_cursor import READS_JSON, fetch_rows

StatementValues = dict[str, Any]

GROUP_LIMIT_MARKER, LIMIT_MARKER = "/*per group*/", "/*cut*/"
"""Where LIMIT and OFFSET are inserted into a statement, if not at its end."""


KEYS = "keys"
UNNEST_KEYS = {"postgresql": "SELECT unnest(%s::bigint[])", "sqlite": "SELECT value FROM json_each(%s)"}
"""The keys of a page as a query, from one parameter that contains all of them."""


class Placeholder(Expression):
    """A placeholder in a query for a named value of each request."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


class CountStar(Func):
    """The number of rows of a query: COUNT(*), without Django's grouping."""

    function = "COUNT"
    template = "COUNT(*)"
    output_field = BigIntegerField()


class Statement:
    """The compiled SQL of a query with placeholders."""

    def __init__(self, sql: str, parameters: Sequence[Any], converters: Sequence[Any] = ()) -> None:
        self.sql = sql
        self.parameters = parameters
        self.converters = converters

    @classmethod
    def of(cls, queryset: QuerySet[Any]) -> Self:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        selected = [expression for expression, _, _ in compiler.select]
        converters = compiler.get_converters(selected)
        if connection.vendor in READS_JSON:
            converters = {
                index: (chain, expression)
                for index, (chain, expression) in converters.items()
                if not isinstance(expression.output_field, JSONField)
            }
        return cls(str(sql), parameters, list(converters.items()))

    def rows(self, values: StatementValues, size: int | None = None, start: int = 0) -> list[Any]:
        """Execute it with the values of a request, for at most `size` rows from the row number `start`."""
        filled = [adapt(values[part.name]) if isinstance(part, Placeholder) else part for part in self.parameters]
        found = fetch_rows(self.sql if size is None else with_limit(self.sql, size, start), filled)
        return [self._converted(row) for row in found] if self.converters else found

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        converted = list(row)
        for index, (chain, expression) in self.converters:
            for convert in chain:
                converted[index] = convert(converted[index], expression, connection)
        return converted


@lru_cache(maxsize=300)
def with_limit(sql: str, size: int, start: int) -> str:
    """The SQL with LIMIT and OFFSET. They are part of the text, because the planner needs them and few are used."""
    some = f"LIMIT {size:d} OFFSET {start:d}"
    if LIMIT_MARKER not in sql:
        return f"{sql} {some}"
    return sql.replace(GROUP_LIMIT_MARKER, f"LIMIT {start + size:d}").replace(LIMIT_MARKER, some)


def adapt(value: Any) -> Any:
    """Convert a day, an instant or a list to the type that the database driver expects; other values are unchanged."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, list) and connection.vendor == "sqlite":
        return json.dumps(value)
    return value
