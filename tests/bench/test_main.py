"""The results of a step are on disk before the next step, and are kept when the run ends early."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import __main__ as program
from bench.load import Failed

NOW = dt.datetime(2026, 11, 22, 20, 5, tzinfo=dt.UTC)


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(program, "folder", lambda: tmp_path)
    return tmp_path / "results" / "2026-11-22T200500.md"


@pytest.fixture
def closed() -> list[str]:
    return []


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch, closed: list[str]) -> Callable[..., None]:
    """Run a benchmark whose report is each of these texts in turn, and then ends by an exception if there is one."""

    def run(*texts: str, end: BaseException | None = None) -> None:
        def reports(day: dt.date) -> program.Reports:
            try:
                yield from texts
                if end:
                    raise end
            finally:
                closed.append("servers")

        monkeypatch.setattr(program, "reports", reports)
        program.main(NOW)

    return run


def test_the_whole_report_replaces_what_was_known_before(file: Path, report: Callable[..., None]) -> None:
    report("after a round", "after all of it")

    assert file.read_text() == "after all of it\n"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("end", [Failed("no answer"), KeyboardInterrupt(), SystemExit("Stopped.")])
def test_the_finished_part_is_kept_and_its_file_is_reported(
    file: Path, report: Callable[..., None], capsys: pytest.CaptureFixture[str], closed: list[str], end: BaseException
) -> None:
    with pytest.raises(type(end)):
        report("after a round", end=end)

    assert file.read_text() == "after a round\n"
    assert str(file) in capsys.readouterr().err
    assert closed == ["servers"]


def test_a_disk_that_is_full_leaves_no_server_behind(
    file: Path, report: Callable[..., None], closed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "write_text", lambda *_: (_ for _ in ()).throw(OSError("full")))

    with pytest.raises(OSError, match="full"):
        report("after a round")

    assert closed == ["servers"]


def test_a_run_that_ends_before_the_first_round_leaves_nothing(
    file: Path, report: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Failed):
        report(end=Failed("no answer"))

    assert not file.exists()
    assert str(file) not in capsys.readouterr().err
