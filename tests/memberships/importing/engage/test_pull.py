"""A site's lists are read page by page, and go on where they stopped."""

from pathlib import Path

import httpx
import pytest

from memberships.importing.engage.checkpoint import DownloadCheckpoint
from memberships.importing.engage.credentials import BearerCredential
from memberships.importing.engage.download import download, notes
from memberships.importing.engage.site_client import PAUSES, Site, SiteFailed
from tests.memberships.importing.engage.fake_site import KEY, Answer, FakeSite, problem
from tests.memberships.importing.engage.records import MEMBERSHIP, a_membership

MEMBERSHIPS = [a_membership(membershipId=MEMBERSHIP + n) for n in range(5)]


def pulled(fake: FakeSite, folder: Path) -> DownloadCheckpoint:
    with Site(
        "https://campus.example.edu", BearerCredential(KEY), transport=fake.transport, sleep=fake.slept.append
    ) as site:
        download_checkpoint = DownloadCheckpoint(folder, site.base, "abc")
        download_checkpoint.open()
        download(site, download_checkpoint)
    return download_checkpoint


def records(download_checkpoint: DownloadCheckpoint) -> list[int]:
    return [record["membershipId"] for source in download_checkpoint.sources() for record in source.records()]


def test_it_reads_every_page_of_every_list(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert fake.paths == [
        *("users?page=1", "organizations?page=1", "positions?page=1"),
        *("memberships?page=1", "memberships?page=2", "memberships?page=3"),
    ]
    assert records(download_checkpoint) == [record["membershipId"] for record in MEMBERSHIPS]
    assert list(notes(download_checkpoint)) == []


def test_it_asks_for_large_pages_reflections_and_deleted_rows(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)

    pulled(fake, tmp_path / "spool")

    assert [dict(request.url.params) for request in fake.asked[-2:]] == [
        {"page": page, "pageSize": "500", "includeReflections": "true", "IncludeDeletes": "true"} for page in "23"
    ]


def test_it_follows_links_where_a_site_has_them(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.links = lambda resource, number: f"/api/{resource}?cursor={number}"

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert fake.paths[3:] == ["memberships?page=1", "memberships?cursor=2", "memberships?cursor=3"]
    assert records(download_checkpoint) == [record["membershipId"] for record in MEMBERSHIPS]


@pytest.mark.parametrize("failures", [[httpx.ReadError("reset")] * (len(PAUSES) + 1), [KeyboardInterrupt()]])
@pytest.mark.parametrize("with_links", [True, False])
def test_it_goes_on_where_it_stopped(tmp_path: Path, failures: list[Answer], with_links: bool) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.links = (lambda resource, number: f"/api/{resource}?cursor={number}") if with_links else None
    fake.failures, fake.fails_after = list(failures), 4
    with pytest.raises((SiteFailed, KeyboardInterrupt)):
        pulled(fake, tmp_path / "spool")
    fake.asked.clear()

    download_checkpoint = pulled(fake, tmp_path / "spool")

    name = "cursor" if with_links else "page"
    assert fake.paths == [f"memberships?{name}=2", f"memberships?{name}=3"]
    assert records(download_checkpoint) == [record["membershipId"] for record in MEMBERSHIPS]


def test_a_complete_pull_asks_nothing_more(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    pulled(fake, tmp_path / "spool")
    fake.asked.clear()

    pulled(fake, tmp_path / "spool")

    assert fake.asked == []


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_withheld_list_is_reported_and_the_others_are_read(tmp_path: Path, status: int) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.refused = {"users": status}

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert len(records(download_checkpoint)) == len(MEMBERSHIPS)
    (note,) = notes(download_checkpoint)
    assert note.startswith(f"The site returned no users ({status}: ")


@pytest.mark.parametrize("status", [400, 403])
@pytest.mark.parametrize(
    "flag, message",
    [
        ("IncludeDeletes", "The key may not list deleted memberships: those are missing."),
        ("includeReflections", "The site returned no reflections of memberships."),
    ],
)
def test_a_refused_flag_is_left_out_and_reported(tmp_path: Path, status: int, flag: str, message: str) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.refused = {flag: status}

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert len(records(download_checkpoint)) == len(MEMBERSHIPS)
    other = {"IncludeDeletes": "includeReflections", "includeReflections": "IncludeDeletes"}[flag]
    assert [name for name in (flag, other) if name in fake.asked[-1].url.params] == [other]
    assert list(notes(download_checkpoint)) == [message]


def test_both_flags_may_be_refused(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.refused = {"IncludeDeletes": 403, "includeReflections": 400}

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert len(records(download_checkpoint)) == len(MEMBERSHIPS)
    assert len(list(notes(download_checkpoint))) == 2


def test_a_site_that_returns_nothing_is_reported(tmp_path: Path) -> None:
    fake = FakeSite()
    fake.refused = dict.fromkeys(fake.lists, 401)

    with pytest.raises(
        SiteFailed, match=r"returns none of its lists: the site does not accept the key\. Check --url and"
    ):
        pulled(fake, tmp_path / "spool")
    assert not (tmp_path / "spool").exists()


def test_a_key_that_is_revoked_halfway_leaves_no_half_list(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.failures, fake.fails_after = [problem(401)], 4

    with pytest.raises(SiteFailed, match="memberships responded with 401 after 1 pages"):
        pulled(fake, tmp_path / "spool")


def test_an_incomplete_list_is_reported(tmp_path: Path) -> None:
    fake = FakeSite(memberships=MEMBERSHIPS)
    fake.links = lambda resource, number: f"/api/{resource}?cursor=3"

    download_checkpoint = pulled(fake, tmp_path / "spool")

    assert list(notes(download_checkpoint)) == [
        "The site has 5 memberships, but 3 were downloaded: it has changed. Download again."
    ]
