"""A PostgreSQL that can be stopped, killed, frozen and started again, at the same port with the same files."""

import contextlib
import os
import signal
from collections.abc import Iterator

import psutil
import psycopg

from tests.postgres_server import Server

OPTIONS = {"max_connections": "100", "shared_buffers": "16MB", "max_wal_size": "64MB", "min_wal_size": "32MB"}


class Database(Server):
    @property
    def postmaster(self) -> psutil.Process:
        with (self.folder / "data" / "postmaster.pid").open() as file:
            return psutil.Process(int(file.readline()))

    def processes(self) -> list[psutil.Process]:
        postmaster = self.postmaster
        return [*postmaster.children(recursive=True), postmaster]

    def end(self, number: int) -> None:
        """Send a signal to the postmaster and wait for its end."""
        postmaster = self.postmaster
        postmaster.send_signal(number)
        psutil.wait_procs([postmaster], timeout=30)
        if self.guard and self.guard.stdin:
            self.guard.stdin.close()
            self.guard.wait(timeout=30)

    def begin(self) -> None:
        self._start(OPTIONS)

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        frozen = self.processes()
        for process in frozen:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for process in frozen:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.send_signal(signal.SIGCONT)

    def connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self.url, autocommit=True, connect_timeout=10)

    def fill(self) -> "os.PathLike[str]":
        """Take what is left of the disk that the files lie on."""
        path = self.folder / "ballast"
        with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
            while True:
                file.write(b"0" * 65536)
        return path
