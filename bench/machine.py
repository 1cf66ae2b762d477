"""What the benchmark keeps on the machine: a folder, PostgreSQL with its data, Node packages."""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import psutil

from bench.servers_under_test import ROOT
from tests.node import NotInstalled, install_packages
from tests.postgres_server import NoServer, Server, is_open

GIBIBYTE = 2**30
FASTIFY = ROOT / "bench" / "peers" / "fastify"


class Unable(Exception):
    """The benchmark cannot run here; the text says what to do."""


def folder() -> Path:
    """Where databases, logs and results are kept between runs: `.bench/`.

    PostgreSQL refuses root and runs as an ordinary account then; where that may not enter the checkout, the folder
    lies under /var/tmp and `.bench` points there.
    """
    kept = ROOT / ".bench"
    if not kept.exists():
        if os.geteuid() != 0 or is_open(ROOT):
            kept.mkdir()
        else:
            checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
            elsewhere = Path("/var/tmp") / f"campus-roster-bench-{checkout}"
            elsewhere.mkdir(exist_ok=True)
            kept.unlink(missing_ok=True)
            kept.symlink_to(elsewhere)
    return kept.resolve()


@contextlib.contextmanager
def postgresql() -> Iterator[Server]:
    """A PostgreSQL as a campus runs it, durable and with a quarter of the memory at most, whose data is kept."""
    memory = min(GIBIBYTE, psutil.virtual_memory().total // 4)
    options = {
        "shared_buffers": f"{memory // 2**20}MB",
        "max_connections": "300",
        "max_wal_size": "4GB",
        "random_page_cost": "1.1",  # as on solid disks, and as this server asks for: the same for all contenders
        "max_parallel_workers_per_gather": "0",  # the shared memory of a container is small
    }
    try:
        server = Server.started(options, folder() / "postgresql")
    except NoServer as error:
        raise Unable(
            f"{error}\nThe benchmark keeps its data in .bench/. If another run is using it, wait for its end; if it is "
            "of another PostgreSQL, remove that folder, and the next run makes it anew."
        ) from error
    try:
        yield server
    finally:
        server.stop()


def install_node_packages() -> None:
    """Install what Fastify needs, from the lock file; nothing happens when it did not change since."""
    try:
        install_packages(FASTIFY)
    except NotInstalled as error:
        raise Unable(str(error)) from error
