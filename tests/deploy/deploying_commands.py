"""Every command of docs/deploying.md, in its order, as the account that the page makes.

`make deploy-test` runs it: it takes a minute of computing, most of it starts of manage.py and gunicorn.
"""

import re
import socket
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.machine import FAKED, Machine
from tests.docs.fences import NOT_RUN, programs
from tests.postgres import FAST
from tests.postgres_server import Server

PAGE = "docs/deploying.md"
BLOCKS = [fence for fence in programs() if fence.page == PAGE and fence.name not in NOT_RUN]
AS_ROSTER_WEB = """
echo "### as roster_web"
key=$(runuser -u roster -- .venv/bin/python manage.py create_api_key "Portal" --audience campus 2>/dev/null)
export DATABASE_URL=$(sed -n 's/^DATABASE_URL=//p' .env | sed 's/roster:[^@]*@/roster_web:for-the-test@/')
runuser -u postgres -- psql --quiet --command "ALTER ROLE roster_web PASSWORD 'for-the-test'" postgres
systemctl restart campus-roster
curl http://127.0.0.1:8000/readyz
curl --header "X-Forwarded-Proto: https" --header "X-Engage-Api-Key: $key" --header "Host: roster.example.edu" \
    http://127.0.0.1:8000/api/memberships
systemctl stop campus-roster
"""
"""The server by the role that changes no tables, after the commands that make it."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server.started(FAST)
    try:
        machine = Machine(tmp_path_factory.mktemp("machine"), server, port)
        yield machine
        machine.stop()
    finally:
        server.stop()


@pytest.fixture(scope="module")
def result(machine: Machine) -> "subprocess.CompletedProcess[str]":
    """The output of all commands, one block after the other in one shell."""
    script = "\n".join(f'printf "\\n### {number}\\n"\n{block.text}' for number, block in enumerate(BLOCKS))
    role = f"ALTER ROLE roster PASSWORD '{machine.server.password}'"
    password = f'runuser -u postgres -- psql --quiet --command "{role}" postgres\n'
    made = "runuser -u postgres -- createdb --owner=roster --encoding=UTF8 --template=template0 roster\n"
    assert made in script
    return machine.run(machine.placed(script.replace(made, made + password, 1) + AS_ROSTER_WEB))


def test_every_command_succeeds(result: "subprocess.CompletedProcess[str]") -> None:
    reached = [int(number) for number in re.findall(r"^### (\d+)$", result.stdout, re.MULTILINE)]

    assert result.returncode == 0, f"{BLOCKS[reached[-1]].text}\n{result.stdout[-2000:]}\n{result.stderr[-4000:]}"
    assert reached == list(range(len(BLOCKS)))


def test_the_server_is_ready_each_time_that_somebody_looks(result: "subprocess.CompletedProcess[str]") -> None:
    asked = sum(block.text.count("/readyz") for block in BLOCKS)

    assert asked >= 4
    assert result.stdout.count('{"status":"ready"}') == asked + 1


def test_the_role_that_changes_no_tables_serves_the_roster(result: "subprocess.CompletedProcess[str]") -> None:
    _, _, answer = result.stdout.partition("### as roster_web")

    assert '"totalItems":0' in answer


def test_others_can_read_nothing(machine: Machine, result: "subprocess.CompletedProcess[str]") -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    state = machine.folder / "var/lib/campus-roster"
    dumps = sorted((state / "backups").glob("*"))

    assert mode(machine.folder / "srv/campus-roster/.env") == 0o640
    assert (mode(state), mode(state / "backups")) == (0o700, 0o700)
    assert dumps
    assert {mode(dump) for dump in dumps} == {0o600}
    assert {dump.suffix for dump in dumps} == {".dump"}


def test_the_restored_database_is_the_one_that_everything_goes_on_with(
    machine: Machine, result: "subprocess.CompletedProcess[str]"
) -> None:
    settings = (machine.folder / "srv/campus-roster/.env").read_text()

    assert re.search(r"^DATABASE_URL=.*/roster_restored$", settings, re.MULTILINE)


def test_what_is_faked_has_a_reason_and_is_used(machine: Machine, result: "subprocess.CompletedProcess[str]") -> None:
    assert set((machine.folder / "faked").read_text().split()) == set(FAKED)


def test_the_page_has_many_commands() -> None:
    assert len(BLOCKS) > 15
