"""`python -m config.dotenv` writes the private settings of a demo once."""

from pathlib import Path

import environ
import pytest

from config import dotenv

pytestmark = pytest.mark.both_databases


def read(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_it_writes_what_a_demo_needs(tmp_path: Path) -> None:
    assert dotenv.write(tmp_path / ".env")

    written = read(tmp_path / ".env")
    assert written.keys() == {"SECRET_KEY", "DEMO", "DEMO_PASSWORD", "ALLOWED_HOSTS", "HTTPS"}
    assert len(written["SECRET_KEY"]) == 64
    assert len(written["DEMO_PASSWORD"]) == 16


def test_the_settings_read_back_what_it_wrote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dotenv.write(tmp_path / ".env")
    written = read(tmp_path / ".env")
    for name in written:
        monkeypatch.setenv(name, "another")

    environ.Env.read_env(tmp_path / ".env", overwrite=True)

    assert {name: environ.Env().str(name) for name in written} == written


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    dotenv.write(tmp_path / ".env")

    assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_each_one_has_secrets_of_its_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    dotenv.write(one)
    dotenv.write(other)

    assert read(one)["SECRET_KEY"] != read(other)["SECRET_KEY"]
    assert read(one)["DEMO_PASSWORD"] != read(other)["DEMO_PASSWORD"]


def test_it_never_overwrites_one(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SECRET_KEY=mine\n", encoding="utf-8")

    assert not dotenv.write(tmp_path / ".env")
    assert (tmp_path / ".env").read_text(encoding="utf-8") == "SECRET_KEY=mine\n"
