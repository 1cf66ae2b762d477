"""The connection of a client: the received data, and the data still to be sent. Only a thread ever waits for it."""

import selectors
import ssl
import time
from collections.abc import Iterator
from enum import Enum, auto
from typing import Any

from django.core.exceptions import RequestDataTooBig

from config.framing import Incoming

SEND_SECONDS = 60
"""Maximum time in which a client receives the rest of a response that the main loop sends."""

STREAM_SECONDS = 5
"""Maximum time for which a thread waits for a client that does not receive its data."""

STREAM_LIMIT = 4 * 1024 * 1024
"""Maximum bytes of a response that a thread leaves to the main loop. With more, the thread waits for the client."""

WOULD_BLOCK = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class State(Enum):
    READING = auto()
    RUNNING = auto()
    SENDING = auto()
    CLOSING = auto()


class Outgoing:
    """The response to be sent. gunicorn writes to it as it would write to the socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._pieces: list[bytes] = []
        self.size = 0
        """Bytes that are not sent yet."""

    def sendall(self, data: bytes) -> None:
        """Buffer data until `flush`. Over STREAM_LIMIT, wait for the client; TimeoutError if it receives nothing."""
        self._pieces.append(data)
        self.size += len(data)
        if self.size > STREAM_LIMIT:
            self._wait()

    send = sendall

    def flush(self) -> bool:
        """Send as much as possible without blocking; True if nothing is left."""
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
        """gunicorn calls this when sending a response failed. The worker closes the connection itself."""
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
                    raise TimeoutError("The client does not receive the response.")


class ClientConnection:
    """A connection with its state in the worker."""

    def __init__(self, socket: Any, client: Any, server: Any) -> None:
        self.socket = socket
        self.client = client
        self.server = server
        self.sock = Outgoing(socket)  # the name that gunicorn expects
        self.incoming = Incoming()
        self.state = State.READING
        self.deadline = 0.0
        self.is_new = True
        """Has it sent no request yet?"""
        self.may_stay = False
        """May it be used for another request after the response?"""
        self.drained = 0

    @property
    def size(self) -> int:
        """Bytes in the buffers of the connection."""
        return len(self.incoming.data) + self.sock.size


class RefusedBody:
    """Replaces a body that is too long to be read: reading it raises the error that Django expects."""

    def read(self, size: int = -1) -> bytes:
        raise RequestDataTooBig("The body of a request may have 2.5 MB.")

    readline = read

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")
