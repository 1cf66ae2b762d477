"""Kill, stop, freeze and fill what the server needs, and count what its clients lose: `python -m tests.faults`.

Names of scenarios after it run these alone: `python -m tests.faults full_disk`.
"""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults.clients import Clients
from tests.faults.database import OPTIONS, Database
from tests.faults.site import Site
from tests.postgres_server import open_folder

COLUMNS = ("sent", "answered", "refused", "cut", "lost")
DISK = "size=200m,mode=0755"
STALLED = 500


class NotRun(Exception):
    """This machine does not allow it; the text says what is missing."""


class Faults:
    """Each public method is a scenario, in the order in which they are run; its docstring is its title."""

    def __init__(self, database: Database, site: Site, is_disk_small: bool) -> None:
        self.database, self.site, self.is_disk_small = database, site, is_disk_small
        self._unnoticed = False

    def _notice(self) -> None:
        """Check whether /readyz reports the current fault, some time after it began."""
        time.sleep(2)
        self._unnoticed = self._unnoticed or self.site.is_well("/readyz")

    def nothing(self) -> None:
        """nothing fails"""
        time.sleep(3)

    def stalled_clients(self) -> None:
        """500 clients that stop in the middle of a header"""
        with contextlib.ExitStack() as stack:
            for _ in range(STALLED):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", self.site.port), timeout=20))
                client.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            time.sleep(4)

    def killed_worker(self) -> None:
        """a worker is killed"""
        self.site.workers()[0].kill()
        time.sleep(5)

    def reload(self) -> None:
        """the settings are reloaded"""
        self.site.master.send_signal(signal.SIGHUP)
        time.sleep(8)

    def killed_master(self) -> None:
        """the master is killed, and started again"""
        self.site.kill()
        self.site.start()
        time.sleep(4)

    def terminated_backends(self) -> None:
        """pg_terminate_backend of every connection"""
        with self.database.connect() as connection:
            for _ in range(3):
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
                time.sleep(1)

    def restarted_database(self) -> None:
        """the database is restarted (fast)"""
        self.database.end(signal.SIGINT)
        time.sleep(2)
        self.database.begin()
        time.sleep(3)

    def immediate_stop(self) -> None:
        """the database is stopped at once (immediate), and recovers"""
        self.database.end(signal.SIGQUIT)
        time.sleep(2)
        self.database.begin()
        time.sleep(3)

    def frozen_database(self) -> None:
        """the database is frozen (SIGSTOP) for 8 seconds"""
        with self.database.frozen():
            self._notice()
            time.sleep(5)
        time.sleep(3)

    def locked_table(self) -> None:
        """a table is locked for 6 seconds"""
        with self.database.connect() as connection, connection.transaction():
            connection.execute("LOCK organizations_category, organizations_organization IN ACCESS EXCLUSIVE MODE")
            time.sleep(6)
        time.sleep(2)

    def full_disk(self) -> None:
        """the disk is full for 6 seconds"""
        if not self.is_disk_small:
            raise NotRun("a small disk cannot be mounted here (root may)")
        ballast = self.database.fill()
        self._notice()
        time.sleep(4)
        os.unlink(ballast)
        time.sleep(3)


def scenarios(faults: Faults) -> Iterator[Callable[[], None]]:
    for name, found in vars(Faults).items():
        if not name.startswith("_") and (name in sys.argv[1:] or not sys.argv[1:]):
            yield getattr(faults, found.__name__)


def missing_writes(database: Database, acknowledged: list[str]) -> int:
    with database.connect() as connection:
        present = {row[0] for row in connection.execute("SELECT name FROM organizations_category")}
    return len(set(acknowledged) - present)


def run(faults: Faults, clients: Clients) -> bool:
    """Run each scenario and print its row; True if nothing was lost."""
    is_good = True
    print(f"{'':58}" + "".join(f"{name:>10}" for name in (*COLUMNS, "writes", "w. lost")), flush=True)
    for scenario in scenarios(faults):
        title = (scenario.__doc__ or "").strip()
        known = len(clients.acknowledged)
        clients.start()
        try:
            scenario()
        except NotRun as reason:
            print(f"{title:58} not run: {reason}", flush=True)
            continue
        finally:
            clients.stop()
        lost = missing_writes(faults.database, clients.acknowledged)
        row = [*(clients.counts[name] for name in COLUMNS), len(clients.acknowledged) - known, lost]
        print(f"{title:58}" + "".join(f"{number:>10}" for number in row), flush=True)
        for why in sorted(clients.messages):
            print(f"    lost: {why}", flush=True)
        if faults._unnoticed:
            print("    /readyz did not notice", flush=True)
        is_good = is_good and not lost and not clients.counts["lost"] and not faults._unnoticed
        faults._unnoticed = False
    return is_good


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk of 200 MB at this folder, where the machine allows it."""
    command = ["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)]
    try:
        is_mounted = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
    except OSError:
        is_mounted = False
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


def main() -> int:
    with (
        tempfile.TemporaryDirectory(prefix="roster-faults-", dir=open_folder()) as temporary,
        contextlib.ExitStack() as stack,
    ):
        Path(temporary).chmod(0o755)
        disk = Path(temporary) / "disk"
        disk.mkdir()
        is_disk_small = stack.enter_context(small_disk(disk))
        database = Database.started(OPTIONS, disk / "postgres")
        stack.callback(database.stop)
        site = Site(database.url, Path(temporary))
        site.manage("migrate", "--verbosity", "0")
        password = secrets.token_urlsafe(16)
        site.manage(
            *("createsuperuser", "--no-input", "--username", "faults"),
            DJANGO_SUPERUSER_PASSWORD=password,
        )
        output = site.manage("create_api_key", "Faults", "--audience", "staff", "--rate", "1000000")
        key = next(word for word in output.split() if word.startswith("cr_"))
        site.start()
        stack.callback(site.stop)
        clients = Clients(site.port, key, password)
        is_good = run(Faults(database, site, is_disk_small), clients)
        print("Nothing was lost." if is_good else "Something was lost, or not noticed.")
        return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
