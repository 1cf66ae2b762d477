"""Clients that send slowly, or nothing, or read nothing, do not block other clients. There is no proxy in front."""

import contextlib
import socket
from collections.abc import Callable, Iterator

import pytest

from tests.serving import Site, serving

pytestmark = pytest.mark.usefixtures("transactional_db")

HOST = b"Host: 127.0.0.1\r\n"
STALLS: dict[str, bytes] = {
    "nothing sent": b"",
    "half a request line": b"GET /heal",
    "half a header": b"GET /healthz HTTP/1.1\r\n" + HOST,
    "half a body": b"POST /lti/token HTTP/1.1\r\n" + HOST + b"Content-Length: 1000\r\n\r\ngrant_type=",
    "half a body of a form": b"POST /admin/login/ HTTP/1.1\r\n" + HOST + b"Content-Length: 500000\r\n\r\nusername=",
    "half a chunk": b"GET /healthz HTTP/1.1\r\n" + HOST + b"Content-Length: 9\r\n\r\n1",
    "half a body that is waited for": b"POST /lti/token HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 10\r\nExpect: 100-continue\r\n\r\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    origin = "https://portal.example.edu"
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, DATABASE_URL="sqlite:///:memory:", CORS_ALLOWED_ORIGINS=origin, THREADS="2") as site:
        assert site.ask("/healthz").status == 200  # it has started
        yield site


Opens = Callable[[bytes, int], list[socket.socket]]


@pytest.fixture
def opened(site: Site) -> Iterator[Opens]:
    """Opens connections that have sent these bytes and go no further."""
    with contextlib.ExitStack() as stack:

        def open_some(sent: bytes, count: int) -> list[socket.socket]:
            made = []
            for _ in range(count):
                client = stack.enter_context(socket.create_connection(("127.0.0.1", site.port), timeout=10))
                client.sendall(sent)
                made.append(client)
            return made

        yield open_some


def asked(site: Site, path: str) -> bytes:
    """The answer to a request on a connection of its own, in less time than stalled clients are given."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=5) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return client.recv(65536)


def test_500_stalled_connections_of_every_kind_leave_the_site_answering(site: Site, opened: Opens) -> None:
    for sent in STALLS.values():
        opened(sent, 500 // len(STALLS) + 1)

    assert asked(site, "/healthz").startswith(b"HTTP/1.1 200 ")
    assert asked(site, "/api/schema").startswith(b"HTTP/1.1 200 ")


def test_the_bytes_of_a_slow_client_are_put_together(site: Site, opened: Opens) -> None:
    (client,) = opened(b"", 1)
    for byte in b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n":
        client.sendall(bytes([byte]))
        assert asked(site, "/healthz").startswith(b"HTTP/1.1 200 ")

    assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_client_that_expects_100_continue_receives_it(opened: Opens) -> None:
    (client,) = opened(STALLS["half a body that is waited for"], 1)
    assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"

    client.sendall(b"0123456789")
    assert client.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_clients_that_do_not_read_leave_the_site_answering(site: Site, opened: Opens) -> None:
    opened(b"GET /api/schema HTTP/1.1\r\n" + HOST + b"\r\n", 50)

    assert asked(site, "/api/schema").startswith(b"HTTP/1.1 200 ")


def test_a_body_in_chunks_is_refused_with_what_would_do(site: Site) -> None:
    response = site.send(b"POST /lti/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n3\r\n")
    assert response.startswith(b"HTTP/1.1 411 ")
    assert b"Content-Length, not in chunks" in response


@pytest.mark.parametrize(
    "request_sent, status",
    [
        (b"GET /api/test?key=" + b"a" * 9000 + b" HTTP/1.1\r\n%s" + HOST + b"\r\n", 414),
        (b"GET /api/test?key=" + b"a" * 900_000 + b" HTTP/1.1\r\n%s" + HOST + b"\r\n", 414),
        (b"GET /api/test HTTP/1.1\r\n%s" + HOST + b"Cookie: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET /api/test HTTP/1.1\r\n%s" + HOST + b"X: 1\r\n" * 150 + b"\r\n", 431),
        (b"GET /api/test HTTP/1.1\r\n%s" + HOST + (b"X: " + b"1" * 8000 + b"\r\n") * 9 + b"\r\n", 431),
    ],
    ids=["a long address", "a very long address", "a long header", "many headers", "many long headers"],
)
@pytest.mark.parametrize(
    "origin, is_allowed", [(b"https://portal.example.edu", True), (b"https://elsewhere.example.org", False)]
)
def test_what_is_too_long_is_readable_for_scripts_of_an_allowed_origin(
    site: Site, request_sent: bytes, status: int, origin: bytes, is_allowed: bool
) -> None:
    response = site.send(request_sent.replace(b"%s", b"Origin: " + origin + b"\r\n"))

    assert response.startswith(b"HTTP/1.1 %d " % status)
    assert (b"\r\nAccess-Control-Allow-Origin: " + origin + b"\r\n" in response) == is_allowed
    assert b"\r\nVary: origin\r\n" in response


def test_a_long_body_is_refused_by_who_would_read_it(site: Site) -> None:
    head = b"POST /lti/token HTTP/1.1\r\n" + HOST + b"Content-Type: application/x-www-form-urlencoded\r\n"
    response = site.send(head + b"Content-Length: 9000000\r\n\r\n")
    assert response.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))
