"""The HTTP client for requests to tools and learning platforms.

One deadline for the whole exchange, from the DNS look-up to the last byte of the body. One exchange at a time with each
host. After a failure a host gets no request for a few seconds. No redirects, no compressed answers, a maximum size.

The exchange runs in its own thread, because a DNS look-up cannot be interrupted. The caller waits until the deadline;
then the connection is closed, which ends the thread. Until it has ended the host counts as busy, so that there is never
more than one such thread for a host.
"""

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from lti.core.host_state import FailureCache, HostFailed, HostLocks

MAX_SECONDS = 5.0
"""Seconds that an exchange may take in total."""

LOCK_WAIT_SECONDS = 1.0
"""How many of these seconds to wait while another thread uses the same host."""

MAX_RESPONSE_BYTES = 8 * 1024 * 1024
"""Maximum bytes of an answer: a page of 5000 members has about 3 million."""

host_locks = HostLocks()
failures = FailureCache()


@dataclass(frozen=True)
class FetchedResponse:
    """An answer of another host, with its raw body."""

    status: int
    headers: httpx.Headers
    links: dict[str, str]
    """The URLs of its Link header by relation."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON. ValueError if it is not JSON."""
        return orjson.loads(self.body)


def deadline() -> float:
    """The deadline of an exchange that begins now, on the monotonic clock."""
    return time.monotonic() + MAX_SECONDS


@cache
def certificates() -> Any:
    return httpx.create_ssl_context()


def fetch(
    method: str,
    url: str,
    *,
    host_label: str,
    headers: dict[str, str] | None = None,
    until: float | None = None,
    largest: int | None = None,
    **sent: Any,
) -> FetchedResponse:
    """Send a request to another host and return its answer. HostFailed without a complete answer in time.

    `host_label` names the host in messages; `until` is a deadline that several exchanges share; `largest` in bytes.
    """
    until = deadline() if until is None else until
    host = host_of(url)
    failures.raise_if_failed(host)
    if time.monotonic() >= until:  # earlier exchanges have used up the shared time
        raise HostFailed(f"{host_label} did not answer in time.", timed_out=True)
    if not host_locks.acquire(host, patience=min(LOCK_WAIT_SECONDS, until - time.monotonic())):
        raise HostFailed(f"{host_label} is being asked already, and has not answered yet. Try again.", timed_out=True)
    try:
        failures.raise_if_failed(host)  # the thread that had the lock may have got no answer
        sent["headers"] = {"Accept": "application/json", **(headers or {}), "Accept-Encoding": "identity"}
        exchange = Exchange(host, method, url, sent, host_label, until, largest or MAX_RESPONSE_BYTES)
        thread = threading.Thread(target=exchange.run, name=f"asking {host}", daemon=True)
        thread.start()
    except BaseException:
        host_locks.release(host)
        raise
    return exchange.wait()


def host_of(url: str) -> str:
    """Scheme, host and port of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}"


@dataclass
class Exchange:
    """One request and its answer, in a thread of its own."""

    host: str
    method: str
    url: str
    sent: dict[str, Any]
    host_label: str
    until: float
    largest: int

    done: threading.Event = field(default_factory=threading.Event)
    abandoned: bool = False
    answer: FetchedResponse | None = None
    error: BaseException | None = None
    connection: socket.socket | None = None

    @property
    def left(self) -> float:
        return max(self.until - time.monotonic(), 0.001)

    def wait(self) -> FetchedResponse:
        """Wait for the answer until the deadline. HostFailed if there is none."""
        if not self.ends_in_time():
            error = self.timed_out()
            failures.add(self.host, error)
            self.abandon()
            raise error
        if self.error is not None:
            raise self.error
        assert self.answer is not None  # noqa: S101 (the thread sets one or the other)
        return self.answer

    def ends_in_time(self) -> bool:
        return self.done.wait(self.left)

    def run(self) -> None:
        try:
            self.answer = self.ask()
        except HostFailed as error:
            self.error = error
        except httpx.TimeoutException:
            self.error = self.failed(self.timed_out())
        except (httpx.HTTPError, OSError) as error:
            self.error = self.failed(HostFailed(f"{self.host_label} cannot be reached ({type(error).__name__})."))
        except (httpx.InvalidURL, ValueError) as error:
            self.error = HostFailed(f"{self.host_label} cannot be reached ({type(error).__name__}).")
        except BaseException as error:
            self.error = error
        finally:
            host_locks.release(self.host)
            self.done.set()

    def ask(self) -> FetchedResponse:
        with (
            httpx.Client(timeout=self.left, verify=certificates(), follow_redirects=False) as client,
            client.stream(self.method, self.url, extensions={"trace": self.trace}, **self.sent) as response,
        ):
            body = self.read(response)
            links = {str(relation): str(link["url"]) for relation, link in response.links.items() if "url" in link}
            return FetchedResponse(response.status_code, response.headers, links, body)

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """Keep the connection as soon as it is open; stop if the caller no longer waits."""
        if event in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self.connection = info["return_value"].get_extra_info("socket")
        if self.abandoned:
            raise self.timed_out()

    def read(self, response: httpx.Response) -> bytes:
        """The body of an answer. A compressed one is refused, because its size would be unlimited."""
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise HostFailed(f"{self.host_label}'s answer is compressed, which was not asked for.")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self.largest:
                raise HostFailed(f"{self.host_label}'s answer is larger than {size(self.largest)}.")
        return bytes(body)

    def abandon(self) -> None:
        """Close the connection, so that the thread ends."""
        self.abandoned = True
        if self.connection is not None:
            with suppress(OSError):  # closed already
                self.connection.shutdown(socket.SHUT_RDWR)

    def failed(self, error: HostFailed) -> HostFailed:
        """Cache the failure for a few seconds."""
        failures.add(self.host, error)
        return error

    def timed_out(self) -> HostFailed:
        return HostFailed(f"{self.host_label} did not answer in time.", timed_out=True)


def size(octets: int) -> str:
    return f"{octets // 1024 // 1024} MB" if octets >= 1024 * 1024 else f"{octets // 1024} kB"
