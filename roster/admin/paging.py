from typing import Any

from django.contrib.admin.views.main import ORDER_VAR, ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

MAX_COUNTED = 10_000
"""Maximum number of rows that a list counts and pages through. Later rows are found with a search or a filter."""


class MoreThan(int):
    """A count that stopped at a limit: there is at least one row more than this."""

    def __str__(self) -> str:
        return f"more than {int(self):,}"


class BoundedPaginator(Paginator):
    """Counts up to `MAX_COUNTED` rows and no further, so that a list of millions opens quickly."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: MAX_COUNTED + 1].count()
        return counted if counted <= MAX_COUNTED else MoreThan(MAX_COUNTED)


class BoundedChangeList(ChangeList):
    """A list of a table that is too large to be sorted, or to be filtered twice, for one page.

    If filters and search leave few rows, their ids are read first, without an order. The rows are then sorted by any
    column. A longer list can only be sorted by the columns of `sortable_when_long`, which have an index.
    """

    model_admin: Any
    params: dict[str, Any]

    def __init__(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        self.request = request
        super().__init__(request, *args, **options)

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> Any:
        rows = super().get_queryset(request, exclude_parameters)
        is_unfiltered = not (self.query or self.has_active_filters or self.params.get(ORDER_VAR))
        if is_unfiltered or self.model_admin.sortable_when_long is None:
            return rows
        found = list(rows.order_by().values_list("pk", flat=True)[: MAX_COUNTED + 1])
        if len(found) <= MAX_COUNTED:
            few = self.apply_select_related(self.root_queryset.filter(pk__in=found))
            return few.order_by(*self.get_ordering(request, few))
        if not self._is_sorted_however_long():
            del self.params[ORDER_VAR]
            rows = rows.order_by(*self.get_ordering(request, rows.order_by()))
        return rows

    def get_ordering_field(self, field_name: Any) -> Any:
        """Ignore a column that this person may not read, so that no list is sorted by it."""
        path = super().get_ordering_field(field_name)
        return path if path and self.model_admin.may_read(self.request, path) else None

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if isinstance(self.result_count, MoreThan) and self.model_admin.sortable_when_long is not None:
            readable = self.sortable_by or ()
            self.sortable_by = tuple(column for column in self._sortable_when_long if column in readable)

    @property
    def _sortable_when_long(self) -> tuple[str, ...]:
        """Columns by which a long list may be sorted: none during a search, because no index has its result."""
        return () if self.query else self.model_admin.sortable_when_long

    def _is_sorted_however_long(self) -> bool:
        requested = str(self.params.get(ORDER_VAR) or "").replace("-", "").split(".")
        indexed = {str(self.list_display.index(name)) for name in self._sortable_when_long}
        return indexed.issuperset(filter(None, requested))
