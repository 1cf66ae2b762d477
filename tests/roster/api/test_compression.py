"""Responses are compressed for clients that accept it, and are the same after decompression."""

import gzip
from typing import Any

import pytest
from backports import zstd
from django.test import Client

from tests.sample_data import SampleData

pytestmark = pytest.mark.both_databases

UNPACK: dict[str, Any] = {"gzip": gzip.decompress, "zstd": zstd.decompress}


def get(sample: SampleData, path: str = "/api/memberships", encoding: str | None = None, method: Any = "GET") -> Any:
    headers = {"Authorization": f"Bearer {sample.campus_key}"}
    if encoding is not None:
        headers["Accept-Encoding"] = encoding
    return Client().generic(method, path, headers=headers)


@pytest.mark.parametrize(
    "asked, coding",
    [
        ("gzip", "gzip"),
        ("gzip, deflate", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.9", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
    ],
)
def test_it_is_unpacked_to_the_same_bytes(sample: SampleData, asked: str, coding: str) -> None:
    plain, packed = get(sample), get(sample, encoding=asked)

    assert packed["Content-Encoding"] == coding
    assert UNPACK[coding](packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert packed["Content-Length"] == str(len(packed.content))


@pytest.mark.parametrize("asked", [None, "", "identity", "br", "gzip;q=0", "zstd;q=0"])
def test_who_can_read_neither_gets_it_plain(sample: SampleData, asked: str | None) -> None:
    answer = get(sample, encoding=asked)

    assert "Content-Encoding" not in answer
    assert answer.content == get(sample).content


@pytest.mark.parametrize("asked", [None, "gzip"])
def test_vary_names_each_header_that_decides_the_response(sample: SampleData, asked: str | None) -> None:
    names = {name.strip().lower() for name in get(sample, encoding=asked)["Vary"].split(",")}

    assert names == {"authorization", "x-engage-api-key", "cookie", "origin", "accept-encoding"}


@pytest.mark.parametrize(
    "path", ["/api/test", "/api/memberships?pageSize=1", "/api/memberships?page=0", "/api/nothing"]
)
def test_what_fits_a_packet_stays_plain(sample: SampleData, path: str) -> None:
    answer = get(sample, path, "zstd, gzip")

    assert "Content-Encoding" not in answer
    assert "accept-encoding" not in answer.get("Vary", "").lower()


def test_a_page_stays_plain(db: None) -> None:
    assert "Content-Encoding" not in Client().get("/admin/login/", headers={"Accept-Encoding": "gzip"})


def test_a_head_tells_of_the_same_coding(sample: SampleData) -> None:
    answer = get(sample, encoding="gzip", method="HEAD")

    assert (answer["Content-Encoding"], answer.content) == ("gzip", b"")
