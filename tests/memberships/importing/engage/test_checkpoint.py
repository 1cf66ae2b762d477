"""Pulled pages wait in a folder for their owner only."""

import os
from pathlib import Path

import pytest

from memberships.importing.engage.checkpoint import CheckpointUnusable, DownloadCheckpoint, ListProgress
from memberships.importing.engage.site_client import SitePage

SITE = "https://campus.example.edu/api"
PAGE = SitePage(b'{"items": []}', items=2, total=4, next={"page": "2"})


def opened(folder: Path, site: str = SITE, fingerprint: str = "abc") -> DownloadCheckpoint:
    download_checkpoint = DownloadCheckpoint(folder, site, fingerprint)
    download_checkpoint.open()
    return download_checkpoint


def test_it_takes_up_what_it_holds(tmp_path: Path) -> None:
    download_checkpoint = opened(tmp_path / "spool")
    download_checkpoint.progress["users"] = ListProgress()
    download_checkpoint.add("users", PAGE)

    again = DownloadCheckpoint(tmp_path / "spool", SITE, "abc")

    assert again.open()
    assert again.progress == {"users": ListProgress(pages=1, items=2, total=4, query={"page": "2"})}
    assert again.begun_at == download_checkpoint.begun_at
    assert [source.path.read_bytes() for source in again.sources()] == [PAGE.content]


def test_a_new_folder_holds_nothing(tmp_path: Path) -> None:
    assert not DownloadCheckpoint(tmp_path / "deep" / "spool", SITE, "abc").open()


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    folder.mkdir(mode=0o755)
    download_checkpoint = opened(folder)
    download_checkpoint.progress["users"] = ListProgress()
    download_checkpoint.add("users", PAGE)

    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    assert {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {"0o600"}


def test_the_last_page_ends_a_list(tmp_path: Path) -> None:
    download_checkpoint = opened(tmp_path / "spool")
    download_checkpoint.progress["users"] = ListProgress()

    download_checkpoint.add("users", PAGE._replace(next=None))

    assert download_checkpoint.progress["users"].is_done


@pytest.mark.parametrize("site, fingerprint", [("https://other.example.edu/api", "abc"), (SITE, "another")])
def test_it_refuses_the_pages_of_another_site_or_key(tmp_path: Path, site: str, fingerprint: str) -> None:
    opened(tmp_path / "spool")

    with pytest.raises(
        CheckpointUnusable, match=r"contains a download from https://campus\.example\.edu/api with another"
    ):
        opened(tmp_path / "spool", site, fingerprint)


def test_it_refuses_a_folder_with_other_files(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")
    mode = tmp_path.stat().st_mode

    with pytest.raises(CheckpointUnusable, match="contains other files"):
        opened(tmp_path)
    assert tmp_path.stat().st_mode == mode


@pytest.mark.parametrize("state", ["", "{}", "[]", '{"site": "x"'])
def test_it_refuses_a_damaged_state(tmp_path: Path, state: str) -> None:
    (tmp_path / "pull.json").write_text(state)

    with pytest.raises(CheckpointUnusable, match=r"is damaged\. Remove the folder to start again"):
        opened(tmp_path)


def test_it_refuses_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(CheckpointUnusable, match="cannot be used"):
        opened(tmp_path / "file")


def test_it_removes_what_it_made(tmp_path: Path) -> None:
    download_checkpoint = opened(tmp_path / "spool")
    download_checkpoint.progress["users"] = ListProgress()
    download_checkpoint.add("users", PAGE)
    (tmp_path / "spool" / "letter.txt").write_text("Dear Ana")

    download_checkpoint.remove()

    assert os.listdir(tmp_path / "spool") == ["letter.txt"]


def test_an_empty_folder_goes_too(tmp_path: Path) -> None:
    opened(tmp_path / "spool").remove()

    assert not (tmp_path / "spool").exists()


def test_the_default_folder_is_of_the_site(tmp_path: Path) -> None:
    folders = {
        DownloadCheckpoint.default_folder(site)
        for site in (SITE, "https://campus.example.edu/engage/api", "http://[::1]/api")
    }

    assert len(folders) == 3
    assert {folder.parent.name for folder in folders} == {"engage"}


@pytest.mark.parametrize("mode, is_used", [(0o700, True), (None, False)])
def test_it_is_under_the_folder_of_an_installed_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: int | None, is_used: bool
) -> None:
    data = tmp_path / "data"
    if mode is not None:
        data.mkdir(mode=mode)
    monkeypatch.setattr("memberships.importing.engage.checkpoint.DATA_FOLDER", data)

    assert (data in DownloadCheckpoint.default_folder(SITE).parents) is is_used
