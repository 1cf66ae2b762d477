"""Load on a running server, from wrk where it is installed, else from autocannon, which comes with the benchmark."""

import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from bench.servers import Running
from bench.servers_under_test import ROOT
from bench.usage import processor_seconds
from tests.node import node

CALLERS = 8
"""Callers side by side."""

SLOW, VERY_SLOW = 0.12, 0.5
"""Seconds from which an answer is too slow for a window of load: then a few requests are timed whole, and from the
second on only two."""

PATIENCE = 120
"""Seconds until a server that does not answer has failed: the slowest pages take ten."""

RETRIES = 5
"""How often a request is repeated that a server refuses with a Retry-After."""

WRK = shutil.which("wrk")
GENERATOR = "wrk" if WRK else "autocannon"


class Failed(Exception):
    """Requests were not answered, or not with 200."""


@dataclass(frozen=True)
class Sample:
    """What one measurement saw."""

    requests: int
    seconds: float
    processor_seconds: float
    """Of the server and the database together."""

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def processor_milliseconds(self) -> float:
        """Processor time a request."""
        return self.processor_seconds * 1000 / self.requests


class Meter:
    """Measures what a server and its database use for some requests."""

    def __init__(self, running: Running, database_pid: int) -> None:
        self.running, self.database_pid = running, database_pid

    def read(self) -> float:
        return processor_seconds(self.running.process.pid) + processor_seconds(self.database_pid)

    def settle(self) -> None:
        """Wait until both are idle: requests that an earlier window gave up may still be at work."""
        deadline = time.monotonic() + 60
        before = self.read()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.read()
            if now - before < 0.015:
                return
            before = now

    def measure(self, work: Callable[[], tuple[int, float]]) -> Sample:
        """Do some work, which returns the number of requests and of seconds."""
        self.settle()
        before = self.read()
        requests, seconds = work()
        return Sample(requests, seconds, self.read() - before)

    def window(self, paths: list[str], seconds: int, *, is_warming: bool = False) -> Sample:
        """Ask for some seconds, on all connections at once. Requests may be refused while caches are empty."""
        with NamedTemporaryFile("w", prefix="roster-paths-") as file:
            file.write("".join(f"{path}\n" for path in paths))
            file.flush()
            return self.measure(lambda: generate(self.running, Path(file.name), seconds, may_refuse=is_warming))

    def few(self, paths: Iterable[str], callers: int) -> Sample:
        """Ask each path once, with some callers side by side, and wait for every answer."""

        def work() -> tuple[int, float]:
            started = time.perf_counter()
            with ThreadPoolExecutor(callers) as pool:
                answers = list(pool.map(lambda path: Caller(self.running).get(path), paths))
            return len(answers), time.perf_counter() - started

        return self.measure(work)

    def walk(self, paths: Iterable[str], coding: str = "identity", seconds: float = float("inf")) -> Sample:
        """Ask for one path after the other, on one connection; for no further path after so many seconds."""
        caller = Caller(self.running, coding)

        def work() -> tuple[int, float]:
            started = time.perf_counter()
            answers = 0
            for path in paths:
                caller.get(path)
                answers += 1
                if time.perf_counter() - started >= seconds:
                    break
            return answers, time.perf_counter() - started

        return self.measure(work)


class Caller:
    """One connection to a server, kept open as far as the server does."""

    def __init__(self, running: Running, coding: str = "identity") -> None:
        self.running = running
        self.headers = {**running.headers, "Accept-Encoding": coding}
        self.connection = http.client.HTTPConnection(running.address, timeout=PATIENCE)

    def get(self, path: str) -> tuple[bytes, dict[str, str]]:
        """The body and the headers, by lower-case name. Failed for any other status than 200, or none."""
        try:
            for _ in range(1 + RETRIES):
                self.connection.request("GET", path, headers=self.headers)
                response = self.connection.getresponse()
                body = response.read()
                delay = response.headers.get("Retry-After")
                if response.status != 503 or not delay:
                    break
                time.sleep(int(delay))  # another request counts this list
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{self.running.contender.title} does not answer {path}: {error!r}") from error
        if response.status != 200:
            raise Failed(f"{self.running.contender.title} answers {response.status} to {path}: {body[:300]!r}")
        return body, {name.lower(): value for name, value in response.getheaders()}


def generate(running: Running, paths: Path, seconds: int, *, may_refuse: bool = False) -> tuple[int, float]:
    """Requests answered, and the seconds it took. Failed when one was not answered well, unless it `may_refuse`."""
    url = f"http://{running.address}"
    if WRK:
        command = [WRK, "--threads", "1", "--connections", str(CALLERS), "--duration", f"{seconds}s"]
        command += ["--timeout", "30s", "--script", str(ROOT / "bench" / "wrk.lua"), url]
        command += ["--", str(paths), running.campus.key]
    else:
        script = ROOT / "bench" / "peers" / "fastify" / "load.js"
        command = [node(), str(script), url, str(paths), running.campus.key]
        command += [str(CALLERS), str(seconds)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{running.contender.title}: {GENERATOR} gave up: {(done.stderr or done.stdout).strip()}")
    seen = json.loads(done.stdout.strip().splitlines()[-1])
    if (seen["failed"] and not may_refuse) or not seen["requests"]:
        raise Failed(f"{running.contender.title}: {seen['requests']} requests were answered, {seen['failed']} failed.")
    return seen["requests"], seen["seconds"]
