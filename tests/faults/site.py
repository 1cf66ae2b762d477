"""The server itself, as a service manager runs it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT


class Site:
    def __init__(self, database_url: str, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.environment = {
            **os.environ,
            **ENVIRONMENT,
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "BIND": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.log = (folder / "site.log").open("wb")
        self.master: psutil.Popen

    def manage(self, *arguments: str, **variables: str) -> str:
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        done = subprocess.run(
            command, env={**self.environment, **variables}, cwd=ROOT, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
        self.master = psutil.Popen(command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log)
        for _ in range(600):
            if self.is_alive():
                return
            time.sleep(0.1)
        raise SystemExit("The server did not start.")

    def is_alive(self) -> bool:
        return self.is_well("/healthz")

    def is_well(self, path: str) -> bool:
        """Does a health check answer 200?"""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=60) as answer:
                return int(answer.status) == 200
        except OSError:
            return False

    def workers(self) -> list[psutil.Process]:
        return list(self.master.children())

    def kill(self) -> None:
        """Kill the master and, as systemd does then, what it has left."""
        workers = self.workers()
        self.master.kill()
        self.master.wait(30)
        for worker in workers:
            worker.kill()
        psutil.wait_procs(workers, timeout=30)

    def stop(self) -> None:
        self.master.send_signal(signal.SIGTERM)
        self.master.wait(60)
