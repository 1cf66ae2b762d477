"""The key cache: for lists that are filtered across the whole campus, by days, by modification, by flags.

If such a list is short, a scan in roster order reads many rows that do not belong to it. So the keys of all its rows
are selected first, with the query plan that the database prefers, then sorted and cached for the next pages. A long
list is read in roster order, because many of the scanned rows belong to it.
"""

from array import array
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Col, RawSQL

from roster.privacy import Audience
from roster.reads.item_list import order_of
from roster.reads.statements import KEYS, LIMIT_MARKER, UNNEST_KEYS, Placeholder, Statement, StatementValues

MAX_CACHED_KEYS = 30_000
"""Maximum length of a list for the key cache. It is about the square root of page size times all memberships: below it,
selecting all keys costs less than scanning in roster order."""

MATCHING = 2 * MAX_CACHED_KEYS
"""If at least so many rows match the filter alone, the list counts as long, and its keys are not selected."""

MAX_KEYS_PARAMETER = "rows of a short list"


def uses_key_cache(
    filters: Mapping[str, Any], asked: Mapping[str, Any], relation: str | None, order: tuple[str, ...]
) -> bool:
    """Should the key cache be used: is the list filtered only by columns that are not part of its order?

    The order is that of the related table at `relation`, or of the primary key. A list does not need the cache if its
    filters select only a few rows, and is too long for it if they select most rows.
    """
    is_by_key = relation is None and order == ("id",)
    if relation is None and not is_by_key:
        return False
    if relation is not None and any(filters[name].picks_few(relation) for name in asked):
        return False
    narrowing = [
        str(filters[name].field_name)
        for name, value in asked.items()
        if filters[name].prepare(value) is not None and filters[name].narrows and filters[name].keeps != value
    ]
    return bool(narrowing) and (is_by_key or not any(name.startswith(f"{relation}__") for name in narrowing))


def matching(
    visible: QuerySet[Any], filters: Mapping[str, Any], asked: Mapping[str, Any], audience: Audience
) -> Statement | None:
    """A statement that counts the rows that match the filter alone; None if the filter cannot use an index.

    `visible` are all rows that the audience sees. A partial index is used with its condition.
    """
    narrowing = [
        name for name, value in asked.items() if filters[name].narrows and filters[name].prepare(value) is not None
    ]
    if len(narrowing) != 1 or audience.limited_by is not None or audience.user_id is not None:
        return None
    (name,) = narrowing
    if not filters[name].is_bound:
        return None
    model = visible.model
    alias = visible.query.annotations.get(filters[name].field_name)
    column = alias.target.name if isinstance(alias, Col) else filters[name].field_name
    found = [index for index in model._meta.indexes if index.fields and index.fields[0] == column]
    if not found:
        return None
    rows = model._base_manager.filter(found[0].condition or Q()).order_by()
    if alias is not None:
        rows = rows.alias(**{filters[name].field_name: F(column)})
    rows = filters[name].narrow(rows, Placeholder(name)).values_list("pk")
    sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    sql = sql.replace(f'SELECT "{model._meta.db_table}"."id" AS "pk"', "SELECT 1", 1)
    return Statement(f"SELECT COUNT(*) FROM ({sql} {LIMIT_MARKER}) AS matching", parameters)  # noqa: S608 (SQL that Django compiled)


class KeyQueries:
    """The statements of a list with a key cache: the keys of all its rows in order, and rows by their keys."""

    def __init__(self, queryset: QuerySet[Any], rows: QuerySet[Any], matching: Statement | None = None) -> None:
        self.matching = matching
        order = order_of(queryset)
        relation = order[0].partition("__")[0] if len(order) > 1 else None
        # With the foreign key of the related row, so that rows need not be read again for sorting.
        some = queryset.order_by().values_list("pk", f"{relation}_id" if relation else "pk")
        sql, parameters = some.query.get_compiler(connection=connection).as_sql()
        kept = "MATERIALIZED" if connection.vendor == "postgresql" else ""  # not supported by older versions of SQLite
        columns, joined = "related_id", ""
        if relation:
            related = queryset.model._meta.get_field(relation).related_model
            columns = f"{order[0].partition('__')[2]}, related_id"
            joined = f"JOIN {related._meta.db_table} ON id = related_id"
        # There is always at least one row, with the size. The keys of a long list are not sorted.
        text = f"""
            WITH candidates (key, related_id) AS {kept} ({sql} {LIMIT_MARKER}),
                size (rows) AS (SELECT COUNT(*) FROM candidates),
                found AS (SELECT key, {columns} FROM candidates {joined} WHERE (SELECT rows FROM size) <= %s)
            SELECT size.rows, found.key FROM size LEFT JOIN found ON 1 = 1 ORDER BY {columns}, key
        """  # noqa: S608 (all names in it are columns of our own models)
        self.keys = Statement(text, (*parameters, Placeholder(MAX_KEYS_PARAMETER)))
        # With all conditions again: a row may not match them any more.
        given = RawSQL(UNNEST_KEYS[connection.vendor], [Placeholder(KEYS)])  # noqa: S611 (a constant)
        self.rows = Statement.of(rows.filter(pk__in=given))

    def all_keys(self, values: StatementValues) -> "array[int] | None":
        """The keys of all rows of the list in order; None if the list is not short."""
        if self.matching and self.matching.rows(values, MATCHING)[0][0] >= MATCHING:
            return None
        found = self.keys.rows({**values, MAX_KEYS_PARAMETER: MAX_CACHED_KEYS}, MAX_CACHED_KEYS + 1)
        if found[0][0] > MAX_CACHED_KEYS:
            return None
        return array("q", (key for _, key in found if key is not None))
