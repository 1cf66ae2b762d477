"""What is remembered is right after a crash of PostgreSQL, which hands out ids of transactions again."""

import contextlib
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree
from typing import Any

import psutil
import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from organizations.models import Organization
from roster.models import DatabaseInstance
from roster.reads import list_cache
from tests.client import ask
from tests.postgres_server import Server, open_folder
from tests.sample_data import key, organization

OPTIONS = {
    "wal_writer_delay": "10s",  # so that a crash forgets every transaction that waited for no disk
    "autovacuum": "off",
    "max_parallel_workers_per_gather": "0",
}


class Crashing:
    """A PostgreSQL whose commits are durable, instead of the suite's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.own = {name: connection.settings_dict[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        self.start()

    def start(self) -> None:
        self.server = Server.started(OPTIONS, self.folder)
        self.use(
            NAME="postgres", USER="postgres", PASSWORD=self.server.password, HOST="127.0.0.1", PORT=self.server.port
        )

    def use(self, **settings: Any) -> None:
        connection.close()
        connection.settings_dict.update(settings)

    def crash(self) -> None:
        """Kill the server and all its processes at once, and start it again."""
        postmaster = psutil.Process(int((self.folder / "data" / "postmaster.pid").read_text().split()[0]))
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        psutil.wait_procs(processes, timeout=30)
        self.server.stop()
        self.start()

    def stop(self) -> None:
        self.use(**self.own)
        self.server.stop()


@pytest.fixture(scope="module")
def crashing(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crashing]:
    folder = Path(tempfile.mkdtemp(prefix="roster-crash-", dir=open_folder()))
    with django_db_blocker.unblock():
        crashing = Crashing(folder)
        try:
            call_command("migrate", verbosity=0)
            yield crashing
        finally:
            crashing.stop()
            rmtree(folder, ignore_errors=True)


def total(credential: str, name: str) -> int:
    found: int = ask(credential, "/api/organizations", name=name, pageSize=1).body["totalItems"]
    return found


def test_a_change_with_an_id_below_the_forgotten_ones_is_noticed(crashing: Crashing) -> None:
    credential = key("staff")
    for number in range(2):
        organization(f"Chess {number}")
    for _ in range(60):
        assert ask(credential, "/api/organizations", pageSize=1).status == 200  # each is counted by a transaction
    assert total(credential, "chess") == 2

    crashing.crash()
    organization("Chess 3")

    assert total(credential, "chess") == 3


def test_a_change_that_takes_the_id_of_a_forgotten_one_is_noticed(crashing: Crashing) -> None:
    credential = key("staff")
    for number in range(2):
        organization(f"Rowing {number}")
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")  # as where a standby takes over that has not received all
    organization("Rowing 3")
    assert total(credential, "rowing") == 3

    crashing.crash()
    assert Organization.objects.filter(name__startswith="Rowing").count() == 2
    organization("Sailing")

    assert total(credential, "rowing") == 2


def test_an_instance_outlives_a_clean_restart_and_no_crash(crashing: Crashing) -> None:
    credential = key("staff")
    ask(credential, "/api/organizations")
    before = DatabaseInstance.objects.get().number
    crashing.server.stop()
    crashing.start()
    assert DatabaseInstance.objects.get().number == before

    crashing.crash()
    assert not DatabaseInstance.objects.exists()
    list_cache.clear()
    ask(credential, "/api/organizations")
    assert DatabaseInstance.objects.get().number != before
