"""A reload takes over the settings of .env without dropping a request, and refuses such as are not usable."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT

KEPT = {"config", "lti", "memberships", "organizations", "roster", "manage.py"}
FILE = {**ENVIRONMENT, "DATABASE_URL": "sqlite:///:memory:", "LOG_LEVEL": "INFO"}


class Reloadable:
    """A site in a folder of its own, with a .env."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port
        self.master: subprocess.Popen[bytes]
        self.seen: list[dict[str, str]] = []

    def configure(self, **variables: str) -> None:
        lines = [f"{name}={value}" for name, value in {**FILE, **variables}.items()]
        (self.folder / ".env").write_text("\n".join(lines))

    def wait_for(self, words: str) -> str:
        """The next message of the log that has these words; StopIteration when the server ends before."""
        assert self.master.stderr
        for line in self.master.stderr:
            self.seen.append(orjson.loads(line))
            if words in self.seen[-1]["message"]:
                return self.seen[-1]["message"]
        raise StopIteration

    def reload(self) -> None:
        self.master.send_signal(signal.SIGHUP)

    def status(self, path: str, host: str) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 (our own server)
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code


@pytest.fixture(params=[True])
def site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Reloadable]:
    """A running site. Its address is on its command line, or in its .env if the parameter is False."""
    folder = tmp_path / "site"
    shutil.copytree(ROOT, folder, ignore=lambda of, names: set(names) - KEPT if Path(of) == ROOT else {"__pycache__"})
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        site = Reloadable(folder, listener.getsockname()[1])
        site.configure()
        environment = {
            name: value for name, value in os.environ.items() if name not in {*FILE, "DJANGO_SETTINGS_MODULE"}
        }
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py", "--workers", "1"]
        if request.param:
            command += ["--bind", f"fd://{listener.fileno()}"]
        else:
            listener.close()
            site.configure(PORT=str(site.port))
        command += ["config.wsgi"]
        site.master = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stderr=subprocess.PIPE,
            pass_fds=[listener.fileno()] if request.param else [],
        )
        try:
            yield site
        finally:
            site.master.terminate()
            site.master.communicate(timeout=60)


def test_a_reload_takes_over_usable_settings_and_no_others(site: Reloadable) -> None:
    assert site.status("/api/nothing", "localhost") == 404

    for variables, reason in [({"HTTPS": "perhaps"}, "HTTPS is 'perhaps'"), ({"THREADS": "many"}, "THREADS is 'many'")]:
        site.configure(**variables)
        site.reload()
        assert reason in site.wait_for("The new settings are refused")
        site.wait_for("Worker exiting")
        assert site.status("/api/nothing", "localhost") == 404

    site.configure(ALLOWED_HOSTS="127.0.0.1")
    site.reload()
    site.wait_for("Worker exiting")
    assert site.status("/api/nothing", "localhost") == 400
    assert site.status("/api/nothing", "127.0.0.1") == 404

    assert {line["time"][-1] for line in site.seen} == {"Z"}
    assert {line["logger"] for line in site.seen} >= {"gunicorn.error", "roster.access"}


@pytest.mark.parametrize("site", [False], indirect=True)
def test_a_reload_goes_on_where_it_listens_if_it_cannot_listen_elsewhere(site: Reloadable) -> None:
    site.wait_for("Booting worker")
    assert site.status("/api/nothing", "localhost") == 404
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = {
            f"127.0.0.1:{taken.getsockname()[1]}": "(Address already in use)",
            f"127.0.0.1:{site.port},127.0.0.2:{site.port}": "(Address already in use)",
            f"unix:{site.folder}/none/socket": "no file can be created in this folder",
            "127.0.0.1:http": "'http' is not a valid port number.",
        }
        for address, reason in refused.items():
            site.configure(BIND=address)
            site.reload()
            assert reason in site.wait_for("The new settings are refused")
            site.wait_for("Worker exiting")
            assert site.status("/api/nothing", "localhost") == 404
