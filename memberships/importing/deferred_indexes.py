"""Loads rows into empty tables without indexes and foreign keys, which PostgreSQL then builds once at the end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from roster.querysets import FIRST_LOCAL_ID

BUILDING = "256MB"
"""Memory that PostgreSQL may use for building one index; its default is suitable for small tables only."""

REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""
# Primary keys and unique indexes stay: foreign keys need them, and duplicate rows are reported at once.
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique ORDER BY 1
"""


@contextmanager
def deferred_indexes(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Drop the indexes and foreign keys of these tables for this context, and create them again at its end.

    Creating them once is much faster than updating them for each row. The tables are locked meanwhile, so this is for
    empty ones, inside a transaction. A row with an invalid reference raises IntegrityError at the end of the context.
    """
    if connection.vendor != "postgresql":
        yield
        return
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending checks cannot be altered
        cursor.execute(REFERENCES, [names])
        references = cursor.fetchall()
        cursor.execute(INDEXES, [names])
        indexes = cursor.fetchall()
        execute_all(cursor, (f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in references))
        execute_all(cursor, (f"DROP INDEX {name}" for name, _ in indexes))
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [BUILDING])
        execute_all(cursor, (definition for _, definition in indexes))
        execute_all(
            cursor,
            (f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in references),
        )


def execute_all(cursor: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor.execute(statement)


def are_empty(tables: Iterable[type[models.Model]]) -> bool:
    """Are all these tables empty?"""
    return not any(model._base_manager.exists() for model in tables)


def set_constraints_immediate() -> None:
    """Make PostgreSQL check foreign keys with each statement, instead of all of them at the end of the transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def reset_sequences(tables: Iterable[type[models.Model]]) -> None:
    """Set the sequence of every table so that the next row gets an id after the last. A sequence is never decreased.

    Accounts from `createsuperuser`, which have much higher ids, do not count. SQLite needs no sequences.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in tables:
            if model._meta.auto_field is None:
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            sequence = "pg_get_serial_sequence(%s, 'id')"
            cursor.execute(
                f"SELECT setval({sequence}, GREATEST(MAX(id), pg_sequence_last_value({sequence}::regclass))) "  # noqa: S608 (our own tables' names)
                f"FROM {table} WHERE id < %s",
                [table, table, FIRST_LOCAL_ID],
            )


def analyze(tables: Iterable[type[models.Model]]) -> None:
    """Update the statistics of the database's query planner.

    Outside a transaction PostgreSQL also updates the visibility map, so that counts can use index-only scans.
    """
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
        elif connection.in_atomic_block:
            cursor.execute(f"ANALYZE {names}")
        else:
            cursor.execute(f"VACUUM (ANALYZE) {names}")
