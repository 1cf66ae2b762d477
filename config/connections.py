"""A client's connection: what it has received, and what it has still to send. Nothing here waits for the client."""

import selectors
import ssl
import time
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from django.core.exceptions import RequestDataTooBig

from config.framing import Incoming

SEND_SECONDS = 60
"""For how long a client may take to receive an answer, of which no thread knows any more."""

STREAM_SECONDS = 5
"""For how long a thread waits for a client that does not take what it is sent."""

STREAM_LIMIT = 4 * 1024 * 1024
"""Bytes of an answer that a thread leaves behind for a slow client. It waits where there is more."""

WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class State(Enum):
    READING = auto()
    RUNNING = auto()
    SENDING = auto()
    CLOSING = auto()


class Outgoing:
    """The answer to be sent, which gunicorn writes here as it would to the socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._pieces: list[bytes] = []
        self.size = 0
        """Bytes that the client has not taken yet."""

    def sendall(self, data: bytes) -> None:
        """Keep it until `flush`. TimeoutError: there is too much that the client does not take."""
        self._pieces.append(data)
        self.size += len(data)
        if self.size > STREAM_LIMIT:
            self._wait()

    send = sendall

    def flush(self) -> bool:
        """Send as much as the client takes at once; True when nothing is left."""
        if self.size:
            data = memoryview(b"".join(self._pieces))
            sent = 0
            try:
                while sent < len(data):
                    sent += self._socket.send(data[sent:])
            except WOULD_BLOCK:
                pass
            self._pieces = [bytes(data[sent:])] if sent < len(data) else []
            self.size = len(data) - sent
        return not self.size

    def shutdown(self, how: int) -> None:
        """gunicorn ends an answer that failed half-way. The worker closes the connection by itself."""
        raise OSError("closed by the worker")

    def close(self) -> None:
        pass

    def _wait(self) -> None:
        deadline = time.monotonic() + STREAM_SECONDS
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_WRITE)
            while not self.flush():
                left = deadline - time.monotonic()
                if left <= 0 or not selector.select(left):
                    raise TimeoutError("The client does not take the answer.")


class ClientConnection:
    """A connection, and what the worker knows of it."""

    def __init__(self, socket: Any, client: Any, server: Any) -> None:
        self.socket = socket
        self.client = client
        self.server = server
        self.sock = Outgoing(socket)  # by the name that gunicorn knows
        self.incoming = Incoming()
        self.state = State.READING
        self.deadline = 0.0
        self.is_new = True
        """Has it not asked anything yet?"""
        self.may_stay = False
        """May it be used again after the answer?"""
        self.drained = 0

    @property
    def size(self) -> int:
        """Bytes that are kept for it."""
        return len(self.incoming.data) + self.sock.size


class RefusedBody:
    """Stands for a body that is longer than is read: Django says so to whoever reads it."""

    def read(self, size: int = -1) -> bytes:
        raise RequestDataTooBig("The body of a request may have 2.5 MB.")

    readline = read

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")
