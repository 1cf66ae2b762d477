"""Loading rows into empty tables: what PostgreSQL would keep up with every row is built once, when all are there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, models

from roster.querysets import FIRST_LOCAL_ID

BUILDING = "256MB"
"""Memory that PostgreSQL may take for building one index; what it takes otherwise is meant for small tables."""

REFERENCES = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY 1, 2
"""
# keys and uniqueness stay: what refers to them needs them, and a row that breaks them is reported at once
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique ORDER BY 1
"""


@contextmanager
def deferred_indexes(tables: Iterable[type[models.Model]]) -> Iterator[None]:
    """Within the block these tables have neither indexes nor references; at its end they have all of them again.

    Building them once takes a fraction of keeping them up row by row. Nobody else reads these tables meanwhile, so this
    is for empty ones, inside a transaction. A row that refers to nothing is an IntegrityError at the end of the block.
    """
    if connection.vendor != "postgresql":
        yield
        return
    names = [connection.ops.quote_name(model._meta.db_table) for model in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with references left to check cannot be altered
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
    """Has none of these tables a row?"""
    return not any(model._base_manager.exists() for model in tables)


def set_constraints_immediate() -> None:
    """Let PostgreSQL look up what each row refers to with the row, instead of everything at the end of all."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def reset_sequences(tables: Iterable[type[models.Model]]) -> None:
    """Let the next row of every table get an id after the last. A sequence never goes back.

    Accounts of the command line stay out of it: their ids lie far above. SQLite looks at the ids themselves.
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
    """Tell the database's planner how many rows there are now, and of what kind.

    Outside a transaction PostgreSQL also notes which pages all may see, so that counts need the index alone.
    """
    names = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in tables)
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("ANALYZE")
        elif connection.in_atomic_block:
            cursor.execute(f"ANALYZE {names}")
        else:
            cursor.execute(f"VACUUM (ANALYZE) {names}")
