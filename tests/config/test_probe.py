"""`python -m config.probe`: is the server of this container alive?"""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from config.probe import is_alive


@pytest.fixture(params=[200, 503])
def site(request: pytest.FixtureRequest) -> Iterator[tuple[str, int]]:
    """A server that answers every path with one status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(request.param)
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.handle_request, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/healthz", request.param


def test_only_200_is_alive(site: tuple[str, int]) -> None:
    address, status = site

    assert is_alive(address) is (status == 200)


def test_nobody_there_is_not() -> None:
    with socket.socket() as taken:  # which does not listen
        taken.bind(("127.0.0.1", 0))

        assert not is_alive(f"http://127.0.0.1:{taken.getsockname()[1]}/healthz")
