"""Gunicorn's worker. Its main loop reads requests and sends answers without waiting for any client; a thread has a
request only from when it is here as a whole until its answer is made. Health checks have threads of their own."""

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
"""For how long a request may take to arrive, its body included; and a new connection to say anything."""

CLOSE_SECONDS = 2
"""For how long a closing connection is read on, so that the client gets the answer before the end (RFC 9112, 9.6)."""

ACCEPT_DELAY = 0.001
"""Seconds for which a busy worker leaves a new connection to the others."""

MEMORY_LIMIT = 64 * 1024 * 1024
"""Bytes of unfinished requests and answers, of all connections together. The largest goes where there are more."""

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
        logging.captureWarnings(True)  # into the log, in its form
        allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(allowed, min(most, OPEN_FILES)), most))
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
        """Wait for whatever comes next, at most for a second, and deal with it."""
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
        """Where the worker stops: what has been begun may be finished, but nobody waits long for a further request."""
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
        """Have all threads something to do, or will have with the connections that came last?"""
        return self.running + self.new >= int(self.cfg.threads)

    def pause_left(self) -> float:
        return max(0.0, self.accepts_at - time.monotonic())

    def pause(self, seconds: float = ACCEPT_DELAY) -> None:
        self.set_accept_enabled(False)
        self.accepts_at = time.monotonic() + seconds

    def accept(self, listener: Any) -> None:
        """Take a new connection, after the others where all threads are busy here.

        A connection stays with the worker that took it. One that takes all that come at the same moment would answer
        alone, and the others would have nothing to do for as long as they are kept alive.
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
                client = sock.ssl_wrap_socket(client, self.cfg)  # shakes hands when it is read
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
        """Let the main loop go on with a connection when its client is ready, for so many seconds at most."""
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
            return  # dropped since the poller reported it
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
        """Tell a client that waits for it to send its body."""
        if connection.incoming.expects_continue:
            connection.incoming.expects_continue = False
            connection.sock.sendall(CONTINUE)
            try:
                connection.sock.flush()
            except OSError:
                self.drop(connection)

    def grow(self, size: int) -> None:
        """Keep the memory of all connections within its limit."""
        self.received += size
        if self.received > MEMORY_LIMIT // 8:
            self.received = 0
            while self.waiting and sum(connection.size for connection in self.waiting) > MEMORY_LIMIT:
                self.drop(max(self.waiting, key=lambda connection: connection.size))

    def write(self, connection: ClientConnection, client: Any) -> None:
        """The client takes more of its answer."""
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
        """Hand a connection whose request has arrived to a thread."""
        self.clear_new_flag(connection)
        connection.state = State.RUNNING
        probes = self.probes.get(connection.incoming.probe() or b"")
        if probes is None:
            self.running += 1
        future = (probes or self.tpool).submit(self.handle, connection)
        future.add_done_callback(partial(self.method_queue.defer, self.finish, connection, probes is None))

    def handle(self, connection: ClientConnection) -> bool:
        """Answer a request, in a thread; True: the connection may be used again."""
        incoming = connection.incoming
        is_last, has_long_head, has_long_body = incoming.is_last, incoming.has_long_head, incoming.has_long_body
        received = incoming.take()
        try:
            if has_long_head:
                raise errors.LimitRequestHeaders("the headers together")
            request = next(RequestParser(self.cfg, [received], connection.client))
            if request.version >= (1, 1) and not any(name == "HOST" for name, _ in request.headers):
                raise HostMissing
            request._expected_100_continue = False  # sent before the body was read, where there is one
            if has_long_body:
                request.body = RefusedBody()
            elif request.method not in BODILESS and isinstance(request.body.reader, ChunkedReader):
                raise LengthRequired
            may_stay = self.handle_request(request, connection) and not is_last
            connection.sock.flush()
            return may_stay
        except (StopIteration, errors.NoMoreData, OSError) as error:
            self.log.debug("A connection ended before its time: %s", error)
        except Exception as error:
            self.refuse(connection, error, received)
        return False

    def refuse(self, connection: ClientConnection, error: Exception, request: bytes) -> None:
        try:
            connection.sock.sendall(error_response(error, request))
            connection.sock.flush()
        except OSError:
            self.log.debug("The answer to a refused request could not be sent.")

    def finish(self, connection: ClientConnection, is_counted: bool, future: "Future[bool]") -> None:
        """A thread has made an answer, of which the client has taken a part or all."""
        self.running -= is_counted
        connection.may_stay = future.exception() is None and future.result()
        if connection.sock.size:
            self.wait(connection, selectors.EVENT_WRITE, State.SENDING, SEND_SECONDS)
            self.grow(connection.sock.size)
        else:
            self.next_request(connection)

    def next_request(self, connection: ClientConnection) -> None:
        """The answer is sent: wait for the next request, or close."""
        if not connection.may_stay:
            self.close(connection)
        elif connection.incoming.data and connection.incoming.parse_buffered():
            self.submit(connection)
        else:
            seconds = READ_SECONDS if connection.incoming.data else self.cfg.keepalive
            seconds = seconds if self.alive else min(seconds, CLOSE_SECONDS)
            self.wait(connection, selectors.EVENT_READ, State.READING, seconds)

    # The end

    def close(self, connection: ClientConnection) -> None:
        """Say that nothing more will come, and read on until the client has gone too."""
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
