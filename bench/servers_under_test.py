"""Who is measured: this server under three servers, the baseline under the same, and its peers."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.node import node

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
GUNICORN = (sys.executable, "-m", "gunicorn")
GUNICORN_SETTINGS = ROOT / "config" / "gunicorn.py"

WORKERS = 2
WORKER_CLASS = "config.worker.Worker"
"""The gthread worker of `config/gunicorn.py`."""

THREADS = 2
"""Threads of one worker, each with its connection to the database: what `config/gunicorn.py` has by itself."""

CONNECTIONS = 4
"""Connections to the database that a worker without threads may have."""

IDLE = 600
"""Seconds for which granian keeps a thread without work, as long as it may: a thread keeps its connection, and the
others' threads stay for good."""


@dataclass(frozen=True)
class Contender:
    """A server: what it is called, and how it is started on a port."""

    name: str
    title: str
    command: Callable[[int], list[str]]
    connections: int = CONNECTIONS
    """Connections to the database, each for a thread where there are threads."""


def ours(worker: str) -> Callable[[int], list[str]]:
    """This server as it is configured, under its own worker or another."""
    other = [] if worker == "gthread" else ["--worker-class", worker]
    return lambda port: [*GUNICORN, "--config", str(GUNICORN_SETTINGS), *other, "config.wsgi:application"]


def gunicorn(application: str, worker: str) -> Callable[[int], list[str]]:
    """Another application under gunicorn: with threads, under the very worker that this server has."""
    worker_class = WORKER_CLASS if worker == "gthread" else worker
    settings = ["--workers", str(WORKERS), "--worker-class", worker_class, "--keep-alive", "15", "--no-control-socket"]
    if worker == "gthread":
        settings += ["--threads", str(THREADS)]
    if os.access("/dev/shm", os.W_OK | os.X_OK):
        settings += ["--worker-tmp-dir", "/dev/shm"]
    return lambda port: [*GUNICORN, *settings, "--bind", f"127.0.0.1:{port}", application]


def granian(application: str) -> Callable[[int], list[str]]:
    def command(port: int) -> list[str]:
        settings = ["--interface", "wsgi", "--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
        settings += ["--blocking-threads-idle-timeout", str(IDLE)]
        settings += ["--host", "127.0.0.1", "--port", str(port), "--http", "1", "--no-ws", "--log-level", "warning"]
        return [str(SCRIPTS / "granian"), *settings, application]

    return command


def uvicorn(application: str) -> Callable[[int], list[str]]:
    def command(port: int) -> list[str]:
        settings = ["--workers", str(WORKERS), "--host", "127.0.0.1", "--port", str(port)]
        settings += ["--loop", "uvloop", "--http", "httptools", "--no-use-colors"]
        return [sys.executable, "-m", "uvicorn", *settings, application]

    return command


def fastify(port: int) -> list[str]:
    return [node(), str(ROOT / "bench" / "peers" / "fastify" / "server.js")]


def all_contenders() -> Iterator[Contender]:
    baseline = "bench.peers.baseline:application"
    yield Contender("ours-gthread", "this server, gunicorn gthread", ours("gthread"), THREADS)
    yield Contender("ours-gthread-4", "this server, gunicorn gthread, 4 threads", ours("gthread"), 4)
    yield Contender("ours-sync", "this server, gunicorn sync", ours("sync"), 1)
    yield Contender("ours-granian", "this server, granian", granian("config.wsgi:application"), THREADS)
    yield Contender("baseline-gthread", "the baseline, gunicorn gthread", gunicorn(baseline, "gthread"), THREADS)
    yield Contender("baseline-sync", "the baseline, gunicorn sync", gunicorn(baseline, "sync"), 1)
    yield Contender("baseline-granian", "the baseline, granian", granian(baseline), THREADS)
    stock = gunicorn("bench.peers.stock.wsgi:application", "sync")
    yield Contender("stock", "stock DRF, gunicorn sync", stock, 1)
    yield Contender("fastapi-orm", "FastAPI, SQLAlchemy ORM", uvicorn("bench.peers.fastapi_orm:app"))
    yield Contender("fastapi-core", "FastAPI, SQLAlchemy core, orjson", uvicorn("bench.peers.fastapi_core:app"))
    yield Contender("fastify", "Fastify, pg, prepared", fastify)


OURS = "ours-gthread"
BASELINE = "baseline-gthread"
STOCK = "stock"
