"""Loading a whole campus from files, beside what PostgreSQL takes for its rows: COPY, then building the indexes."""

import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg

from bench.databases import Campus, empty, manage
from tests.postgres_server import Server

Connection = psycopg.Connection[Any]

TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples > 0
  AND c.relname ~ '^(roster|organizations|memberships)_' AND c.relname !~ '^roster_(apikey|keyuse)$'
ORDER BY c.relname
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s"
FOREIGN_KEYS = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"

CHUNK = 2**20
"""Bytes read from a file at a time."""


@dataclass(frozen=True)
class Bulk:
    """Seconds that loading the same rows took."""

    ours: float
    copy: float

    @property
    def ratio(self) -> float:
        return self.ours / self.copy


def measure(server: Server, campus: Campus) -> Bulk:
    """Load the files of this campus by `load_roster`, and copy it with the tools of PostgreSQL alone."""
    with campus.connect() as connection, TemporaryDirectory(prefix="roster-bulk-") as folder:
        exported = str(Path(folder) / "exported")
        manage(campus.url, "export_roster", exported, stdout=subprocess.DEVNULL)
        with empty(server, "campus_bulk") as url:
            started = time.perf_counter()
            manage(url, "load_roster", exported, "--verbosity", "0")
            ours = time.perf_counter() - started
        tables = [name for (name,) in connection.execute(TABLES)]
        for table in tables:
            write_file(connection, table, Path(folder) / table)
        with scratch_schema(connection):
            started = time.perf_counter()
            with connection.transaction():
                for table in tables:
                    read_file(connection, table, Path(folder) / table)
                for table in tables:
                    build_indexes(connection, table)
            copied = time.perf_counter() - started
    return Bulk(ours, copied)


@contextmanager
def scratch_schema(connection: Connection) -> Iterator[None]:
    connection.execute("DROP SCHEMA IF EXISTS scratch CASCADE")
    connection.execute("CREATE SCHEMA scratch")
    try:
        yield
    finally:
        connection.execute("DROP SCHEMA scratch CASCADE")


def write_file(connection: Connection, table: str, file: Path) -> None:
    with connection.cursor().copy(f"COPY public.{table} TO STDOUT") as rows, file.open("wb") as output:
        for chunk in rows:
            output.write(chunk)


def read_file(connection: Connection, table: str, file: Path) -> None:
    connection.execute(f"CREATE TABLE scratch.{table} (LIKE public.{table} INCLUDING CONSTRAINTS)")
    with connection.cursor().copy(f"COPY scratch.{table} FROM STDIN") as rows, file.open("rb") as source:
        while chunk := source.read(CHUNK):
            rows.write(chunk)


def build_indexes(connection: Connection, table: str) -> None:
    for (definition,) in connection.execute(INDEXES, [table]).fetchall():
        connection.execute(re.sub(r" ON public\.", " ON scratch.", definition))
    for (definition,) in connection.execute(FOREIGN_KEYS, [table]).fetchall():
        connection.execute(f"ALTER TABLE scratch.{table} ADD {definition}")
