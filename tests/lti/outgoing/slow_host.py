"""A host on this machine that sends its answers byte by byte, for as long as a test wants it to."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


class SlowHost:
    """After `head` it repeats `drip` without an end, until the other side closes the connection.

    Each piece comes long before any time limit for a single read.
    """

    def __init__(self, head: bytes, drip: bytes) -> None:
        self.head, self.drip = head, drip
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked = threading.Semaphore(0)
        """Released once for each connection that sent something."""
        self.left = threading.Semaphore(0)
        """Released once for each connection that the other side closed."""
        self.connections = 0
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}/keys"

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.recv(65536)
            self.asked.release()
            connection.sendall(self.head)
            connection.settimeout(0.02)
            while not self.stopping.is_set():
                with suppress(TimeoutError):
                    if not connection.recv(1):
                        break
                connection.sendall(self.drip)
        self.left.release()

    @contextmanager
    def running(self) -> Iterator["SlowHost"]:
        thread = threading.Thread(target=self.accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.stopping.set()
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            thread.join()
