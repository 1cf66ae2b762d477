"""What gunicorn refuses before the application sees it has the one shape of errors too, and leaves no key in a log."""

from collections.abc import Iterator

import orjson
import pytest

from tests.serving import Site, serving

SECRET = "Zk3vQ8mW1xB7nT5rY2pL9cD4fG6hJ0sAeUiOqRtVwXz"
HOST = b"Host: localhost\r\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("site"), workers=1, DATABASE_URL="sqlite:///:memory:") as site:
        yield site


@pytest.mark.parametrize(
    "request_sent, status",
    [
        (b"GET /api/test?key=" + SECRET.encode() * 200 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414),
        (b"GET /api/test HTTP/1.1\r\n" + HOST + b"X-Engage-Api-Key: " + SECRET.encode() * 200 + b"\r\n\r\n", 431),
        (b"GET /api/test HTTP/1.1\r\n" + HOST + b"X-One: 1\r\n" * 150 + b"\r\n", 431),
        (b"GET /api/test?key=" + SECRET.encode() + b" over there HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET /api/test HTTP/1.1\r\n" + HOST + b"X-Engage Api-Key: " + SECRET.encode() + b"\r\n\r\n", 400),
        (b"GET /api/test HTTP/1.1\r\n" + HOST + b"X-Engage-Api-Key: " + SECRET.encode() + b"\x00\r\n\r\n", 400),
        (b"GET /api/test HTTP/9.9\r\n" + HOST + b"\r\n", 400),
        (SECRET.encode() + b"\r\n\r\n", 400),
        (b"GET /api/test HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: " + SECRET.encode() + b"\r\n\r\n", 501),
    ],
    ids=[
        "a long address",
        "a long header",
        "many headers",
        "blanks in the address",
        "a blank in a header's name",
        "NUL in a header",
        "an unknown HTTP",
        "no HTTP",
        "an unknown transfer coding",
    ],
)
def test_it_is_refused_as_a_problem(site: Site, request_sent: bytes, status: int) -> None:
    head, _, body = site.send(request_sent).partition(b"\r\n\r\n")

    status_line, *headers = head.decode().split("\r\n")
    assert status_line.split(" ")[1] == str(status)
    assert {"Content-Type: application/problem+json", "Cache-Control: no-store", "Connection: close"} <= set(headers)
    problem = orjson.loads(body)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert f"X-Request-Id: {problem['requestId']}" in headers


def test_none_of_it_is_logged(site: Site) -> None:
    for place in (b"GET /?%s there HTTP/1.1\r\n\r\n", b"%s\r\n\r\n", b"GET / HTTP/1.1\r\n%s\r\n\r\n"):
        site.send(place.replace(b"%s", SECRET.encode()))

    written = site.log.read_text()
    assert "A request was refused before it was read." in written
    assert SECRET not in written


@pytest.mark.parametrize("path", [b"http://[::1/api/test", b"http://localhost:port/api/test", b"//api/test", b"*"])
def test_an_odd_request_target_is_not_a_failure(site: Site, path: bytes) -> None:
    response = site.send(b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")

    assert b"HTTP/1.1 4" in response
    assert b"HTTP/1.1 500" not in response


def test_head_is_answered_without_a_body(site: Site) -> None:
    response = site.send(b"HEAD /api/nothing HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")

    assert response.startswith(b"HTTP/1.1 404")
    assert response.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
@pytest.mark.parametrize(
    "path, status, error",
    [("/lti/token", b"400", b'"error":"invalid_request"'), ("/api/launches", b"401", b'"status":401')],
)
def test_a_body_that_is_too_long_is_answered_in_the_form_of_the_endpoint(
    site: Site, path: str, status: bytes, error: bytes, kind: str
) -> None:
    body = b"grant_type=" + b"x" * (3 * 1024 * 1024)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: {kind}\r\n"

    response = site.send(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    assert response.split(b" ")[1] == status, response
    assert error in response
