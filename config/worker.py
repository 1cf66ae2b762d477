"""The gunicorn worker. Its main loop reads requests and sends responses without blocking. A thread handles a request
from when it has arrived completely until its response is built. Health checks have separate threads."""

import errno
import logging
import resource
import selectors
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from socket import SHUT_WR
from typing import Any

from gunicorn import sock
from gunicorn.http import errors
from gunicorn.http.body import ChunkedReader
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker

from config.connections import SEND_SECONDS, WOULD_BLOCK, ClientConnection, RefusedBody, State
from config.error_responses import HostMissing, LengthRequired, TooSlow, error_response

READ_SECONDS = 10
"""Maximum time for a request to arrive, including its body, and for a new connection to send its first data."""

CLOSE_SECONDS = 2
"""Time for which a closing connection is still read, so that the client receives the response (RFC 9112, 9.6)."""

ACCEPT_DELAY = 0.001
"""Seconds for which a busy worker leaves a new connection to the other workers."""

MEMORY_LIMIT = 64 * 1024 * 1024
"""Maximum bytes of unfinished requests and responses of all connections. With more, the largest is dropped."""

RECEIVED_AT_ONCE = 16_384
DRAINED = 65_536
OPEN_FILES = 4096
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
OUT_OF_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
DISCONNECT_ERRORS = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED})
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Worker(ThreadWorker):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cfg.set("sendfile", False)
        self.waiting: set[ClientConnection] = set()
        self.running = 0
        self.new = 0
        self.accepts_at = 0.0
        self.has_yielded = False
        self.received = 0
        self.expired_at = 0.0
        self.probes: dict[bytes, ThreadPoolExecutor] = {}

    def init_process(self) -> None:
        logging.captureWarnings(True)  # into the log, in the format of the log
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, OPEN_FILES)), hard))
        self.probes = {path: ThreadPoolExecutor(1) for path in (b"/healthz", b"/readyz")}
        super().init_process()

    # The main loop

    def run(self) -> None:
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        self.set_accept_enabled(True)
        while self.alive and self.is_parent_alive():
            self.turn()
        self.alive: bool = False
        self.set_accept_enabled(False)
        self.shorten_deadlines()
        end = time.monotonic() + self.cfg.graceful_timeout
        while self.nr_conns and time.monotonic() < end:
            self.turn()
        for pool in (self.tpool, *self.probes.values()):
            pool.shutdown(wait=False)
        for listener in self.sockets:
            listener.close()

    def turn(self) -> None:
        """Wait for the next events, at most for a second, and handle them."""
        self.notify()
        is_pausing = bool(self.accepts_at)
        self.wait_for_and_dispatch_events(timeout=self.pause_left() if is_pausing else 1.0)
        now = time.monotonic()
        if is_pausing and now >= self.accepts_at:
            self.accepts_at = 0.0
            self.set_accept_enabled(self.alive)
        if now >= self.expired_at + 1:
            self.expired_at = now
            self.close_expired(now)

    def shorten_deadlines(self) -> None:
        """When the worker stops: requests that have begun may finish, but idle connections are soon closed."""
        soon = time.monotonic() + CLOSE_SECONDS
        for connection in self.waiting:
            if connection.state is State.READING and not connection.incoming.data:
                connection.deadline = min(connection.deadline, soon)

    def close_expired(self, now: float) -> None:
        for connection in [connection for connection in self.waiting if connection.deadline <= now]:
            if connection.state is State.READING and connection.incoming.data:
                self.stop_waiting(connection)
                self.refuse(connection, TooSlow(), bytes(connection.incoming.data))
                self.close(connection)
            else:
                self.drop(connection)

    # New connections

    def is_busy(self) -> bool:
        """Are all threads busy, if each new connection is counted as a request?"""
        return self.running + self.new >= int(self.cfg.threads)

    def pause_left(self) -> float:
        return max(0.0, self.accepts_at - time.monotonic())

    def pause(self, seconds: float = ACCEPT_DELAY) -> None:
        self.set_accept_enabled(False)
        self.accepts_at = time.monotonic() + seconds

    def accept(self, listener: Any) -> None:
        """Accept a new connection; if all threads are busy, leave it to the other workers first.

        A connection stays with the worker that accepted it. If one worker accepted all connections that arrive at the
        same moment, the other workers would be idle for as long as these connections are kept alive.
        """
        if self.is_busy() and not self.has_yielded:
            self.has_yielded = True
            self.pause()
            return
        self.has_yielded = False
        if self.nr_conns >= self.worker_connections:
            self.drop_oldest()
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in OUT_OF_DESCRIPTORS:
                self.drop_oldest()
                self.pause(1.0)
            elif error.errno not in DISCONNECT_ERRORS:
                raise
            return
        client.setblocking(False)
        if self.cfg.is_ssl:
            try:
                client = sock.ssl_wrap_socket(client, self.cfg)  # the handshake takes place at the first read
            except OSError:
                client.close()
                return
        self.nr_conns += 1
        self.new += 1
        connection = ClientConnection(client, address, listener.getsockname())
        self.wait(connection, selectors.EVENT_READ, State.READING, READ_SECONDS)
        self.read(connection, client)

    def drop_oldest(self) -> None:
        """Drop the connection that has waited longest."""
        if self.waiting:
            self.drop(min(self.waiting, key=lambda connection: connection.deadline))

    # Waiting for clients

    def wait(self, connection: ClientConnection, event: int, state: State, seconds: float) -> None:
        """Continue with a connection in the main loop when its client is ready; after so many seconds, close it."""
        connection.state = state
        connection.deadline = time.monotonic() + seconds
        self.waiting.add(connection)
        callback = self.write if event == selectors.EVENT_WRITE else self.read
        self.poller.register(connection.socket, event, partial(callback, connection))

    def stop_waiting(self, connection: ClientConnection) -> None:
        if connection in self.waiting:
            self.waiting.remove(connection)
            self.poller.unregister(connection.socket)

    def read(self, connection: ClientConnection, client: Any) -> None:
        """The client has sent data or closed the connection."""
        if connection not in self.waiting:
            return  # dropped after the poller reported it
        try:
            data = connection.socket.recv(RECEIVED_AT_ONCE)
        except WOULD_BLOCK:
            return
        except OSError:
            data = b""
        if connection.state is State.CLOSING:
            connection.drained += len(data)
            if not data or connection.drained > DRAINED:
                self.drop(connection)
        elif not data:
            self.drop(connection)
        else:
            if not connection.incoming.data:
                connection.deadline = time.monotonic() + (READ_SECONDS if self.alive else CLOSE_SECONDS)
            if connection.incoming.add(data):
                self.stop_waiting(connection)
                self.submit(connection)
            else:
                self.send_continue(connection)
                self.grow(len(data))

    def send_continue(self, connection: ClientConnection) -> None:
        """Send 100 Continue to a client that waits for it before it sends the body."""
        if connection.incoming.expects_continue:
            connection.incoming.expects_continue = False
            connection.sock.sendall(CONTINUE)
            try:
                connection.sock.flush()
            except OSError:
                self.drop(connection)

    def grow(self, size: int) -> None:
        """Add received or buffered bytes, and drop the largest connections if their memory exceeds the limit."""
        self.received += size
        if self.received > MEMORY_LIMIT // 8:
            self.received = 0
            while self.waiting and sum(connection.size for connection in self.waiting) > MEMORY_LIMIT:
                self.drop(max(self.waiting, key=lambda connection: connection.size))

    def write(self, connection: ClientConnection, client: Any) -> None:
        """The client can receive more of its response."""
        if connection not in self.waiting:
            return
        try:
            is_sent = connection.sock.flush()
        except OSError:
            self.drop(connection)
            return
        if is_sent:
            self.stop_waiting(connection)
            self.next_request(connection)

    # Requests

    def submit(self, connection: ClientConnection) -> None:
        """Pass a connection whose request has arrived to a thread."""
        self.clear_new_flag(connection)
        connection.state = State.RUNNING
        probes = self.probes.get(connection.incoming.probe() or b"")
        if probes is None:
            self.running += 1
        future = (probes or self.tpool).submit(self.handle, connection)
        future.add_done_callback(partial(self.method_queue.defer, self.finish, connection, probes is None))

    def handle(self, connection: ClientConnection) -> bool:
        """Handle a request in a thread; True if the connection may be used again."""
        incoming = connection.incoming
        is_last, has_long_head, has_long_body = incoming.is_last, incoming.has_long_head, incoming.has_long_body
        received = incoming.take()
        try:
            if has_long_head:
                raise errors.LimitRequestHeaders("the headers together")
            request = next(RequestParser(self.cfg, [received], connection.client))
            if request.version >= (1, 1) and not any(name == "HOST" for name, _ in request.headers):
                raise HostMissing
            request._expected_100_continue = False  # the main loop sends it before it reads a body
            if has_long_body:
                request.body = RefusedBody()
            elif request.method not in BODILESS and isinstance(request.body.reader, ChunkedReader):
                raise LengthRequired
            may_stay = self.handle_request(request, connection) and not is_last
            connection.sock.flush()
            return may_stay
        except (StopIteration, errors.NoMoreData, OSError) as error:
            self.log.debug("A connection ended early: %s", error)
        except Exception as error:
            self.refuse(connection, error, received)
        return False

    def refuse(self, connection: ClientConnection, error: Exception, request: bytes) -> None:
        try:
            connection.sock.sendall(error_response(error, request))
            connection.sock.flush()
        except OSError:
            self.log.debug("The response to a refused request could not be sent.")

    def finish(self, connection: ClientConnection, is_counted: bool, future: "Future[bool]") -> None:
        """A thread has built a response, of which a part or all is sent."""
        self.running -= is_counted
        connection.may_stay = future.exception() is None and future.result()
        if connection.sock.size:
            self.wait(connection, selectors.EVENT_WRITE, State.SENDING, SEND_SECONDS)
            self.grow(connection.sock.size)
        else:
            self.next_request(connection)

    def next_request(self, connection: ClientConnection) -> None:
        """The response is sent: wait for the next request, or close the connection."""
        if not connection.may_stay:
            self.close(connection)
        elif connection.incoming.data and connection.incoming.parse_buffered():
            self.submit(connection)
        else:
            seconds = READ_SECONDS if connection.incoming.data else self.cfg.keepalive
            seconds = seconds if self.alive else min(seconds, CLOSE_SECONDS)
            self.wait(connection, selectors.EVENT_READ, State.READING, seconds)

    # Closing

    def close(self, connection: ClientConnection) -> None:
        """Close the sending direction, and read until the client closes the connection too."""
        try:
            connection.socket.shutdown(SHUT_WR)
        except OSError:
            self.drop(connection)
        else:
            self.wait(connection, selectors.EVENT_READ, State.CLOSING, CLOSE_SECONDS)

    def drop(self, connection: ClientConnection) -> None:
        self.stop_waiting(connection)
        self.clear_new_flag(connection)
        connection.socket.close()
        self.nr_conns -= 1

    def clear_new_flag(self, connection: ClientConnection) -> None:
        self.new -= connection.is_new
        connection.is_new = False
