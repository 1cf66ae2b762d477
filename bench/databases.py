"""The campuses that are asked about: a database for each size, made once and kept, and what is asked of it."""

import hashlib
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import psycopg
from psycopg import sql

from bench.servers_under_test import ROOT
from tests.postgres_server import Server

SEED = 20261001
"""Of the campuses and of the draws: every run and every contender is asked the same."""

PLAIN = ROOT / "bench" / "plain.sql"

LOADING_SETTINGS = {
    "SECRET_KEY": "a-key-for-benchmarks-only-that-signs-nothing-of-value-0123456789",
    "SECRET_KEY_FALLBACKS": "",
    "DEMO": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "127.0.0.1,localhost",
    "TRUSTED_PROXIES": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "PUBLIC_API": "false",
    "KEY_IN_QUERY": "false",
    "LTIK_IN_QUERY": "false",
    "TIME_ZONE": "America/New_York",
    "WIRE_TIME_ZONE": "America/New_York",
    "LOG_LEVEL": "INFO",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}

UNLIMITED = "2000000000"
"""Requests a minute of the benchmark's key: counted like any, and never refused."""


@dataclass(frozen=True)
class Size:
    name: str
    title: str
    users: int
    organizations: int
    memberships: int


SMALL = Size("200k", "200 thousand", users=20_000, organizations=1_000, memberships=200_000)
LARGE = Size("2m", "2 million", users=200_000, organizations=10_000, memberships=2_000_000)


@dataclass(frozen=True)
class Campus:
    """A loaded database and a campus key to ask with."""

    size: Size
    url: str
    key: str
    drawn: dict[str, list[Any]]
    """Organizations and people, more often the more memberships they have, so that answers are like real ones."""

    @property
    def environment(self) -> dict[str, str]:
        return {**LOADING_SETTINGS, "DATABASE_URL": self.url}

    def connect(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(self.url, autocommit=True)

    def number(self, query: str) -> int:
        """The one number that a query answers."""
        with self.connect() as connection:
            row = connection.execute(query).fetchone()
        assert row
        return int(row[0])

    @cached_property
    def seen(self) -> int:
        """How many memberships the campus audience sees."""
        return self.number(f"SELECT count(*) {SEEN}")

    @cached_property
    def modified_since(self) -> int:
        """An instant, in epoch milliseconds, since when ten thousand memberships changed, whatever the size."""
        return self.number(
            "SELECT (extract(epoch FROM modified_at) * 1000)::bigint FROM memberships_membership"
            " ORDER BY modified_at DESC, id DESC OFFSET 10000 LIMIT 1"
        )

    @cached_property
    def modified(self) -> int:
        """How many of those the campus audience sees."""
        return self.number(f"SELECT count(*) {SEEN} AND m.modified_at >= to_timestamp({self.modified_since} / 1000.0)")


def manage(url: str, *command: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py COMMAND` on a database."""
    return python(url, "manage.py", *command, **options)


def python(url: str, *command: str, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Run a program of this project on a database, with this server's settings."""
    environment = {**os.environ, **LOADING_SETTINGS, "DATABASE_URL": url}
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, text=True, **options)


def loaded(server: Server, size: Size) -> Campus:
    """The campus of a size, loaded unless an earlier run has done so under the same schema."""
    database = f"campus_{size.name}_{schema()}"
    url = server.url_of(database)
    with psycopg.connect(server.url, autocommit=True) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        for old in names:
            if old.startswith(f"campus_{size.name}_") and old != database:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        if database not in names:
            print(f"Loading {size.title} memberships, once ...", flush=True)
            load(server, database, size)
    return Campus(size, url, key=make_key(url), drawn=draw(url))


def load(server: Server, database: str, size: Size) -> None:
    """Make the database; it has its name only when it is complete."""
    with empty(server, f"{database}_loading", is_kept=True) as url:
        generate(url, size)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(PLAIN.read_bytes())
            connection.execute("VACUUM (FREEZE, ANALYZE)")  # as a roster is that has been there for a while
    with psycopg.connect(server.url, autocommit=True) as connection:
        old, new = sql.Identifier(f"{database}_loading"), sql.Identifier(database)
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, new))


@contextmanager
def empty(server: Server, database: str, *, is_kept: bool = False) -> Iterator[str]:
    """The URL of a new database with all tables and no rows, which is deleted at the end unless it is kept."""
    name = sql.Identifier(database)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        manage(server.url_of(database), "migrate", "--no-input", "--verbosity", "0")
        yield server.url_of(database)
        if not is_kept:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def generate(url: str, size: Size, **options: Any) -> None:
    """Write a campus of a size into an empty database."""
    numbers = ("--users", size.users, "--organizations", size.organizations, "--memberships", size.memberships)
    manage(url, "generate_campus", *map(str, numbers), "--seed", str(SEED), **options)


def schema() -> str:
    """A short hash of the sources of all tables: other tables get another database."""
    sources = [*sorted(ROOT.glob("*/migrations/*.py")), PLAIN]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def make_key(url: str) -> str:
    """A new campus key without a limit that counts; those of earlier runs go."""
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("organizations_limitedkey", "roster_keyuse", "roster_lastuse", "roster_apikey"):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    options = ("--audience", "campus", "--rate", UNLIMITED)
    made = manage(url, "create_api_key", "benchmark", *options, capture_output=True)
    return made.stdout.strip()


SEEN = """
FROM memberships_membership m
JOIN organizations_position p ON p.id = m.position_id
JOIN organizations_organization o ON o.id = p.organization_id
JOIN roster_user u ON u.id = m.user_id
WHERE m.shown_on_campus AND m.deleted_at IS NULL AND NOT u.is_confidential AND o.directory_visibility = 'visible'
"""


def draw(url: str, number: int = 200) -> dict[str, list[Any]]:
    """Draw organizations by size among those that fill a page of 100, or of 500, and people by their memberships."""
    chance = random.Random(SEED)
    with psycopg.connect(url) as connection:
        sizes = connection.execute(f"SELECT o.id, count(*) {SEEN} GROUP BY o.id ORDER BY o.id").fetchall()
        people = connection.execute(
            f"SELECT u.id, u.username, count(*) {SEEN} GROUP BY u.id, u.username ORDER BY u.id"
        ).fetchall()
    drawn: dict[str, list[Any]] = {}
    for least in (100, 500):
        large = [(organization, members) for organization, members in sizes if members >= least]
        chosen = chance.choices([one for one, _ in large], [members for _, members in large], k=number)
        drawn[f"organizations of {least}"] = chosen
    chosen = chance.choices(range(len(people)), [held for *_, held in people], k=number)
    drawn["user ids"] = [people[index][0] for index in chosen]
    drawn["usernames"] = [people[index][1] for index in chosen]
    return drawn
