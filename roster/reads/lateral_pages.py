"""Pages of a list that is ordered by a related row first: memberships by position.

The order key is a column of the position, so after a plain join the database would sort all rows before it returns
the first hundred. Here positions are read in their order, the columns of each position once, and from each position at
most as many rows as the page needs. A position without any membership is passed over before its columns are read,
because a page may have to pass thousands of them. This needs LATERAL joins, for which it is used only on PostgreSQL;
SQLite chooses suitable nested loops without them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from django.db import connection
from django.db.models import Count, Expression, Q, QuerySet
from django.db.models.expressions import RawSQL

from roster.reads.item_list import order_of
from roster.reads.statements import GROUP_LIMIT_MARKER, LIMIT_MARKER, Placeholder, Statement

GROUP_ALIAS = "page_group"

CHECKPOINT_DISTANCE = 500
"""Minimum number of rows between two checkpoints: about as many a far page may have to skip."""

MAX_CHECKPOINTS = 400
"""Maximum number of checkpoints of a list: in long lists they are further apart."""


class OuterColumn(Expression):
    """A column of the group of the outer query in a LATERAL join."""

    def __init__(self, column: str) -> None:
        self.column = column
        super().__init__()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return f'"{GROUP_ALIAS}"."{self.column}"', []


class LateralPages:
    """Statements for the pages of a list that is ordered by a related row (its group) first."""

    def __init__(self, queryset: QuerySet[Any], relation: str, groups: QuerySet[Any]) -> None:
        self.queryset = queryset
        self.relation = relation
        self.groups = groups
        self.model = groups.model
        self.order = order_of(queryset)[0].split("__")[1]

    @classmethod
    def of(cls, queryset: QuerySet[Any], filters: Mapping[str, Any], asked: Mapping[str, Any]) -> Self | None:
        """The lateral pages of a list; None if it has no such order, or is so short that a plain join is better."""
        order = order_of(queryset)
        relation, _, column = order[0].partition("__")
        is_grouped = bool(column) and len(order) == 3 and order[1] == f"{relation}_id"
        if connection.vendor != "postgresql" or not is_grouped:
            return None
        groups = queryset.model._meta.get_field(relation).related_model._base_manager.order_by()
        for name in asked:
            declared = filters[name]
            if declared.picks_few(relation):
                return None
            if declared.is_bound and (declared.field_name or "").startswith(f"{relation}__"):
                path = declared.field_name.removeprefix(f"{relation}__")
                groups = groups.filter(**{f"{path}__{declared.lookup_expr}": Placeholder(name)})
        return cls(queryset, relation, groups)

    def rows(self, columns: Sequence[Any]) -> Statement:
        """The statement for a page by its row number."""
        return self._rows(columns, self.queryset, self.groups)

    def page_after(self, columns: Sequence[Any], keyset: list[Placeholder]) -> Statement:
        """The statement for a page after a keyset position: order value, group id, row id."""
        value, group, _ = keyset
        tied = Q(**{self.order: value, "id__gte": group})
        groups = self.groups.filter(Q(**{f"{self.order}__gt": value}) | tied, **{f"{self.order}__gte": value})
        same = f'("{GROUP_ALIAS}"."{self.order}", "{GROUP_ALIAS}"."id") = (%s, %s)'
        after_keyset_of = RawSQL(f"CASE WHEN {same} THEN %s ELSE 0 END", keyset)  # noqa: S611 (columns of our own models)
        rows = self.queryset.filter(id__gt=after_keyset_of)
        return self._rows(columns, rows, groups)

    def map(self) -> Statement:
        """The statement for the checkpoints of a list: groups with the number of rows before each and of all rows.

        These are the groups that contain a multiple of the checkpoint distance, and the last group. So from each row
        the last checkpoint before it is at most that distance or the length of one group away.
        """
        key = f"{self.relation}_id"
        counted = self.queryset.order_by().values(key).annotate(rows=Count("pk")).values_list(key, "rows")
        counts, parameters = counted.query.get_compiler(connection=connection).as_sql()
        sql = f"""
            SELECT value, key, before, total FROM (
                SELECT value, key, rows, (sum(rows) OVER (ORDER BY value, key) - rows)::bigint AS before,
                    (sum(rows) OVER ())::bigint AS total,
                    GREATEST({CHECKPOINT_DISTANCE}, (sum(rows) OVER ())::bigint / {MAX_CHECKPOINTS}) AS apart
                FROM (
                    SELECT "{self.order}" AS value, key, rows FROM ({counts}) AS counted (key, rows)
                    JOIN {self.model._meta.db_table} ON id = key
                ) AS ordered
            ) AS summed WHERE before / apart <> (before + rows) / apart OR before + rows = total ORDER BY before
        """  # noqa: S608 (all names in it are columns of our own models)
        return Statement(sql, parameters)

    def _rows(self, columns: Sequence[Any], queryset: QuerySet[Any], groups: QuerySet[Any]) -> Statement:
        of_group = {column: self._in_group(column) for column in columns if isinstance(column, str)}
        theirs = list(dict.fromkeys(path for path in of_group.values() if path))
        own = list(dict.fromkeys(column for column in columns if not of_group.get(column)))
        chosen = Statement.of(groups.values_list("id", self.order))
        described = Statement.of(self.model._base_manager.order_by().filter(pk=OuterColumn("id")).values_list(*theirs))
        in_group = {f"{self.relation}_id": OuterColumn("id")}
        any_row = Statement.of(queryset.model._base_manager.order_by().filter(**in_group).values_list("pk"))
        rows = queryset.filter(**in_group).order_by("id").values_list(*own, "id")
        of_row = Statement.of(rows)
        found = [
            f"of_group.c{theirs.index(path)}" if (path := of_group.get(column)) else f"of_row.c{own.index(column)}"
            for column in columns
        ]
        sql = f"""
            SELECT {", ".join(found)} FROM ({chosen.sql}) AS "{GROUP_ALIAS}" (id, "{self.order}")
            CROSS JOIN LATERAL ({any_row.sql} LIMIT 1) AS any_row
            CROSS JOIN LATERAL ({described.sql} LIMIT 1) AS of_group ({_names(theirs)})
            CROSS JOIN LATERAL ({of_row.sql} {GROUP_LIMIT_MARKER}) AS of_row ({_names(own)}, row_id)
            ORDER BY "{GROUP_ALIAS}"."{self.order}", "{GROUP_ALIAS}".id, row_id {LIMIT_MARKER}
        """  # noqa: S608 (all names in it are columns of our own models)
        return Statement(sql, (*chosen.parameters, *any_row.parameters, *described.parameters, *of_row.parameters))

    def _in_group(self, path: str) -> str | None:
        """The path of a column relative to the group; None for a column of the row itself."""
        if path in {self.relation, f"{self.relation}_id"}:
            return "id"
        return path.removeprefix(f"{self.relation}__") if path.startswith(f"{self.relation}__") else None


def _names(columns: Sequence[Any]) -> str:
    return ", ".join(f"c{index}" for index in range(len(columns)))
