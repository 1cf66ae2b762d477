"""The site served by real gunicorn workers, as it is when it runs."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from django.db import connection

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes


class Site:
    """A running site; `ask` over HTTP, or `send` bytes as no client would."""

    def __init__(self, port: int, log: Path) -> None:
        self.port = port
        self.log = log

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        request = urllib.request.Request(f"{self.url}{path}", headers=headers or {})  # noqa: S310 (our own server)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 (the same)
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.headers, error.read())

    def send(self, request: bytes) -> bytes:
        """The complete response of the server to these bytes, until it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(request)
            received = b""
            with contextlib.suppress(ConnectionResetError):  # it may close before it has read everything
                while piece := connection.recv(65536):
                    received += piece
            return received


def database_url() -> str:
    """Where a program of its own finds the database of this test."""
    name = connection.settings_dict["NAME"]
    return (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    )


@contextlib.contextmanager
def serving(folder: Path, workers: int = 2, **variables: str) -> Iterator[Site]:
    """Serve this test's database with `workers` gunicorn workers, under the settings of the tests and `variables`."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(256)
        site = Site(listener.getsockname()[1], folder / "server.log")
        command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py")]
        command += ["--workers", str(workers), "--bind", f"fd://{listener.fileno()}", "config.wsgi"]
        with site.log.open("wb") as log:
            server = subprocess.Popen(
                command,
                env={**os.environ, **ENVIRONMENT, "DATABASE_URL": database_url(), "SITE_URL": site.url, **variables},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                pass_fds=[listener.fileno()],
            )
        try:
            yield site  # the socket listens already: the first question waits until a worker takes it
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
