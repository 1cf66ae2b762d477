"""Pages of a list that asks for a window of stored instants: what was modified since.

In the order of the roster a database would walk through everybody for the few of a narrow window. Where a window
holds but few rows they are fetched first and sorted; a wide one is walked, because most of what is met belongs to it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from roster.api.fast.statements import Bound, Statement, Values

if TYPE_CHECKING:
    from roster.api.fast.plan import Pages

FEW = 5_000
"""A window of at most so many rows is narrow."""


class Window:
    """The rows of a window, whoever may see them, and the statements for pages of a narrow one."""

    pages: "Pages"

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.sql, self.parameters = rows.values_list("id").query.get_compiler(connection=connection).as_sql()
        some = f"SELECT count(*) FROM ({self.sql} LIMIT {FEW + 1}) AS counted"  # noqa: S608 (our own SQL)
        self.measure = Statement(some, self.parameters)

    @classmethod
    def of(cls, queryset: QuerySet[Any], filterset: Any, asked: Mapping[str, Any]) -> Self | None:
        """The window that a list asks for; None where it asks for none."""
        rows = queryset.model._base_manager.order_by()
        windows = [name for name in asked if filterset.base_filters[name].is_window]
        for name in windows:
            rows = filterset.base_filters[name].narrow(rows, Bound(name))
        return cls(rows) if windows else None

    def keys(self) -> RawSQL:
        """The keys of its rows, found before anything else."""
        return RawSQL(f"WITH few AS MATERIALIZED ({self.sql}) SELECT id FROM few", self.parameters)  # noqa: S608, S611

    def is_narrow(self, values: Values) -> bool:
        ((some,),) = self.measure.rows(values)
        return int(some) <= FEW
