"""Checks of the database for `/readyz` and `manage.py check`: is it migrated, and can it be read and written?"""

import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, router, transaction
from django.db.migrations.executor import MigrationExecutor

_IS_READ_ONLY = {"postgresql": "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"}
_COLUMNS = {
    "postgresql": (
        "SELECT relname, attname, format_type(atttypid, atttypmod), NOT attnotnull,"
        " atthasdef OR attidentity <> '' FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
        " WHERE relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped AND pg_table_is_visible(pg_class.oid)"
    ),
    "sqlite": (
        'SELECT t.name, c.name, lower(c.type), NOT c."notnull", c.dflt_value IS NOT NULL'
        " FROM sqlite_master t JOIN pragma_table_info(t.name) c WHERE t.type = 'table'"
    ),
}
_NAMES = {
    "postgresql": (
        "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
        " AND pg_table_is_visible(oid)"
    ),
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'index' UNION ALL SELECT sql FROM sqlite_master",
}
"""Names of constraints and indexes; on SQLite, which lists no constraints, also all CREATE statements."""
_SORTED_ON_DISK = (
    "SELECT pg_current_xact_id(), (SELECT count(*) FROM ("
    "SELECT md5(number::text) FROM generate_series(1, 4000) AS number ORDER BY 1 OFFSET 0) AS sorted)"
)
"""Needs a transaction id, whose commit is written to the WAL, and some temporary disk space."""


warnings: list[Callable[[], Iterable[str]]] = []
"""Further checks that apps add: faults of one component, with which the server is still ready."""


def is_read_only() -> bool:
    """Is this a standby, or a database that is set to read-only?"""
    with connection.cursor() as cursor:
        cursor.execute(_IS_READ_ONLY.get(connection.vendor, "SELECT false"))
        return bool(cursor.fetchone()[0])


def try_to_write() -> None:
    """Write a test row. Raises a database error if it cannot be written."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL work_mem = '64kB'")
            cursor.execute(_SORTED_ON_DISK)
        else:
            cursor.execute("PRAGMA user_version")
            cursor.execute(f"PRAGMA user_version = {int(cursor.fetchone()[0])}")


def pending_migrations() -> bool:
    """Are there migrations that are not applied? Reads only Django's table of migrations."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


class Column(NamedTuple):
    """The properties of a column in the database."""

    kind: str
    may_be_null: bool
    has_default: bool


def columns() -> dict[tuple[str, str], Column]:
    """All columns by table and name, from the database's catalog, so that it never waits for a locked table."""
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS[connection.vendor])
        return {
            (table, name): Column(kind, bool(may_be_null), bool(has_default))
            for table, name, kind, may_be_null, has_default in cursor.fetchall()
        }


def names() -> set[str]:
    """The names of all constraints and indexes of the database, from its catalog."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES[connection.vendor])
        texts = [text for (text,) in cursor.fetchall() if text]
    return {name for text in texts for name in (text, *re.findall(r'CONSTRAINT "([^"]+)"', text))}


def mismatches() -> list[str]:
    """The differences between tables and models that would cause errors; empty if there are none.

    `table is missing`, `table.column is missing`, `is ... and not ...`, or `is needed` if no model has a value for it.
    """
    present = columns()
    named = names()
    tables = {table for table, _ in present}
    found: list[str] = []
    for model in apps.get_models(include_auto_created=True):
        options = model._meta
        if options.proxy or not options.managed or not router.allow_migrate_model(connection.alias, model):
            continue
        table = options.db_table
        if table not in tables:
            found.append(f"{table} is missing")
            continue
        expected = {str(field.column): field for field in options.local_concrete_fields if field.column}
        for name, field in expected.items():
            found += [f"{table}.{name} {difference}" for difference in differences(field, present.get((table, name)))]
        found += [
            f"{table}.{name} is needed, and no model has it"
            for (of_table, name), column in present.items()
            if of_table == table and name not in expected and not (column.may_be_null or column.has_default)
        ]
        rules = [each.name for each in (*options.constraints, *options.indexes)]
        found += [f"constraint or index {name} is missing" for name in rules if name not in named]
    return sorted(found)


def differences(field: Any, column: Column | None) -> list[str]:
    """How the column of a field differs from what the field needs."""
    if column is None:
        return ["is missing"]
    kind = str(field.db_type(connection)).lower().replace("varchar", "character varying")
    found = []
    if column.kind.replace("varchar", "character varying") != kind:
        found.append(f"is {column.kind} and not {kind}")
    if column.may_be_null != field.null and not field.primary_key:
        found.append("may not be null" if field.null else "may be null")
    return found
