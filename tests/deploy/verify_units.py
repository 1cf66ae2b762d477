"""systemd reads the shipped units and timers without a complaint, on a machine where the programs that they name exist.

Not of `make test`: it needs systemd-analyze (Debian: `apt-get install systemd`), and fails without it.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.repository.import_order import ROOT

UNITS = sorted(path for path in (ROOT / "docs" / "deploy").iterdir() if path.suffix in {".service", ".timer"})
PROGRAM = re.compile(r"^Exec\w+=[-@:+!]*(/\S+)", re.MULTILINE)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The root of a machine with the units, the programs that they start, and systemd's own units."""
    installed = tmp_path / "etc" / "systemd" / "system"
    installed.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(unit, installed)
        for program in PROGRAM.findall(unit.read_text()):
            file = tmp_path / program.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o755)
    shutil.copytree("/lib/systemd/system", tmp_path / "lib" / "systemd" / "system", symlinks=True)
    (tmp_path / "usr" / "lib").mkdir(parents=True)
    (tmp_path / "usr" / "lib" / "systemd").symlink_to("../../lib/systemd")
    return tmp_path


def errors(machine: Path) -> list[str]:
    """The errors of systemd about these units, and no others."""
    names = [unit.name for unit in UNITS]
    command = ["systemd-analyze", f"--root={machine}", "--man=no", "--recursive-errors=no", "verify", *names]
    output = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return [line for line in output.stderr.splitlines() if "campus-roster" in line]


def test_systemd_takes_every_unit(machine: Path) -> None:
    assert len(UNITS) == 7
    assert errors(machine) == []


def test_systemd_reports_a_setting_that_it_does_not_know(machine: Path) -> None:
    unit = machine / "etc" / "systemd" / "system" / "campus-roster.service"
    unit.write_text(
        unit.read_text().replace("ProtectHome=yes", "ProtectHouse=yes").replace("Type=notify", "Type=often")
    )

    output = " ".join(errors(machine))

    assert "ProtectHouse" in output
    assert "often" in output


def test_systemd_reports_a_program_that_is_not_there(machine: Path) -> None:
    (machine / "srv" / "campus-roster" / "docs" / "deploy" / "backup.sh").unlink()

    assert [line for line in errors(machine) if "backup.sh is not executable" in line]
