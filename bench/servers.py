"""Contenders that run, each on a port of its own, over one campus."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench import usage
from bench.databases import Campus
from bench.progress import tell
from bench.servers_under_test import ROOT, WORKERS, Contender

START_WITHIN = 60
"""Seconds that a server may take until it answers."""


class DidNotStart(Exception):
    """A contender that does not answer; the text has the end of its log."""


class Running:
    """A contender over a campus: started, and answering."""

    def __init__(self, contender: Contender, campus: Campus, logs: Path) -> None:
        self.contender, self.campus = contender, campus
        self.port = free_port()
        self.log = logs / f"{contender.name}-{campus.size.name}.log"
        environment = {
            **os.environ,
            **campus.environment,
            "PORT": str(self.port),
            "WORKERS": str(WORKERS),
            "WEB_CONCURRENCY": str(WORKERS),
            "THREADS": str(contender.connections),
            "DATABASE_POOL": str(contender.connections),
            "CONNECTIONS": str(contender.connections),
        }
        command = contender.command(self.port)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for the benchmark, which then stops them all
            )

    @property
    def name(self) -> str:
        return self.contender.name

    @property
    def is_ours(self) -> bool:
        return self.name.startswith("ours")

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.campus.key}"}

    def wait(self) -> None:
        """Wait until it answers. DidNotStart when it ends or takes too long."""
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection = http.client.HTTPConnection(self.address, timeout=30)
                connection.request("GET", "/api/memberships?userId=1", headers=self.headers)
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.1)
        tail = self.log.read_text(errors="replace")[-3000:].strip()
        raise DidNotStart(f"{self.contender.title} does not answer. The end of its log:\n{tail}")

    def processor_seconds(self) -> float:
        return usage.processor_seconds(self.process.pid)

    def memory(self) -> dict[int, usage.Memory]:
        return usage.workers(self.process.pid)

    def stop(self) -> None:
        """End it with all that it started; nothing happens the second time."""
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=10)
        with contextlib.suppress(ProcessLookupError):  # whom the server itself left behind, too
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextlib.contextmanager
def running(campuses: Iterable[Campus], contenders: Iterable[Contender], logs: Path) -> Iterator[list[Running]]:
    """Every contender over every campus, started one after the other; all end with the block."""
    logs.mkdir(exist_ok=True)
    servers: list[Running] = []
    try:
        for campus in campuses:
            for contender in contenders:
                tell(f"starting {contender.title} over {campus.size.title} memberships")
                servers.append(Running(contender, campus, logs))
                servers[-1].wait()
        yield servers
    finally:
        for server in servers:
            server.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
