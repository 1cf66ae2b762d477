"""Requests as existing clients write them to the socket, answered by real gunicorn workers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from tests.sample_data import key, organization
from tests.serving import Site, serving

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Served:
    """A running site that has one organization, and a key to ask for it."""

    site: Site
    key: str
    organization_id: int

    def ask(self, *lines: str, body: str = "") -> tuple[str, dict[str, str], bytes]:
        """The status line, the headers and the body that these lines of a request are answered with."""
        head, _, content = self.site.send(self.request(*lines, body=body)).partition(b"\r\n\r\n")
        status, *headers = head.decode("latin-1").split("\r\n")
        return status, dict(header.split(": ", 1) for header in headers), content

    def request(self, *lines: str, body: str = "") -> bytes:
        """The bytes of a request that asks the server to close the connection after it."""
        credential = f"Authorization: Bearer {self.key}"
        return "\r\n".join([*lines, "Host: localhost", credential, "Connection: close", "", body]).encode()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    held = (key("staff"), organization("Chess Club").pk)
    with serving(tmp_path, workers=1) as site:
        yield Served(site, *held)


def test_a_get_is_answered_in_whatever_way_it_is_written(served: Served) -> None:
    sized = ["Content-Length: 11"]
    for target, version, headers, body in [
        ("/api/organizations", "1.1", [], ""),
        ("/api/organizations", "1.0", [], ""),
        ("http://localhost/api/organizations", "1.1", [], ""),
        ("HTTP://localhost/engage/api/Organizations/?pageSize=1", "1.1", [], ""),
        ("/api/organizations", "1.1", ["Content-Type: application/json", *sized], '{"page": 7}'),
        ("/api/organizations?name=s%20C", "1.1", ["Content-Type: text/plain; charset=utf-16", *sized], "eleven char"),
        ("/api/organizations?name=s+c", "1.1", ["Content-Type: application/json; charset=hex", *sized], "eleven char"),
    ]:
        status, _, content = served.ask(f"GET {target} HTTP/{version}", *headers, body=body)
        assert status.endswith(" 200 OK"), (target, content)
        assert [item["organizationId"] for item in orjson.loads(content)["items"]] == [served.organization_id]


@pytest.mark.parametrize("path", ["/api/organizations", "/healthz", "/admin/login/"])
def test_a_request_names_its_host_once(served: Served, path: str) -> None:
    def ask(*lines: str) -> tuple[bytes, bytes]:
        head, _, body = served.site.send("\r\n".join([*lines, "Connection: close", "", ""]).encode()).partition(
            b"\r\n\r\n"
        )
        return head.split()[1], body

    once, twice = ["Host: localhost"], ["Host: localhost", "host: 127.0.0.1"]
    status, body = ask(f"GET {path} HTTP/1.1")
    detail = "A request must have a Host header. Only HTTP/1.0 may omit it."
    assert (status, orjson.loads(body)["detail"]) == (b"400", detail)
    for version in ("1.0", "1.1"):
        assert ask(f"GET {path} HTTP/{version}", *twice)[0] == b"400"
    known = b"401" if path.startswith("/api/") else b"200"
    assert ask(f"GET {path} HTTP/1.1", *once)[0] == known
    assert ask("GET /healthz HTTP/1.0")[0] == b"200"


def test_a_connection_stays_in_step_after_heads_bodies_and_errors(served: Served) -> None:
    before = [
        "HEAD /api/organizations HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /api/test HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}",
        f"HEAD /api/test HTTP/1.1\r\nHost: localhost\r\nX-Engage-Api-Key: {served.key}\r\n\r\n",
    ]
    response = served.site.send("".join(before).encode() + served.request("GET /api/organizations HTTP/1.1"))
    statuses = re.findall(rb"HTTP/1.1 ([0-9]+) ", response)

    assert statuses == [b"401", b"401", b"200", b"200"]
    assert response.count(b'"title":"Unauthorized"') == 1  # the GET's: a HEAD has no body
    assert orjson.loads(response.rpartition(b"\r\n\r\n")[2])["totalItems"] == 1
