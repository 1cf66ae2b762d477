"""Requests to other hosts end at their deadline, one at a time with each host, and failures are kept for seconds."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from lti.core import host_state, http_client
from lti.core.host_state import HostFailed
from lti.core.http_client import fetch
from tests.lti.outgoing.slow_host import HEAD, SlowHost
from tests.lti.tool.lms import Lms, Reply, running_lms

WAIT = 30.0
"""Seconds after which a test gives up waiting for what is about to happen."""

SLOW = {
    "status line": (b"HTTP/1.1 200 O", b"K"),
    "headers": (HEAD + b"X-Slow: ", b"x"),
    "body": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "chunks": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "nothing": (b"", b""),
    "interim answers": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.fixture
def lms() -> Iterator[Lms]:
    with running_lms() as lms:
        yield lms


@pytest.fixture
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_SECONDS", 0.3)
    monkeypatch.setattr(http_client, "LOCK_WAIT_SECONDS", 0.05)


def expires_when_asked(host: SlowHost, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let deadlines come as soon as a host was asked."""
    monkeypatch.setattr(http_client.Exchange, "ends_in_time", lambda exchange: not host.asked.acquire(timeout=WAIT))


def refusal(url: str, **asked: Any) -> HostFailed:
    with pytest.raises(HostFailed) as error:
        fetch("GET", url, host_label="It", **asked)
    return error.value


@pytest.mark.parametrize("part", SLOW)
@pytest.mark.usefixtures("_short")
def test_the_deadline_holds_for_every_part_of_an_answer(part: str) -> None:
    with SlowHost(*SLOW[part]).running() as host:
        error = refusal(host.url)

    assert (str(error), error.timed_out) == ("It did not answer in time.", True)


@pytest.mark.parametrize("part", SLOW)
def test_at_the_deadline_the_connection_is_closed(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with SlowHost(*SLOW[part]).running() as host:
        expires_when_asked(host, monkeypatch)

        assert refusal(host.url).timed_out
        assert host.left.acquire(timeout=WAIT)
        assert http_client.host_locks.acquire(http_client.host_of(host.url), patience=WAIT), "the thread has ended"


@pytest.mark.usefixtures("_short")
def test_the_deadline_holds_for_the_look_up_of_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def look_up(*args: Any, **kwargs: Any) -> Any:
        answered.wait(WAIT)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    error = refusal("https://slow-names.example.org/keys")
    http_client.failures.clear()
    second = refusal("https://slow-names.example.org/keys")
    answered.set()

    assert (str(error), error.timed_out) == ("It did not answer in time.", True)
    assert str(second) == "It is being asked already, and has not answered yet. Try again."


def test_a_host_that_did_not_answer_is_not_asked_again_for_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    with SlowHost(*SLOW["headers"]).running() as host:
        expires_when_asked(host, monkeypatch)

        first, second, other = refusal(host.url), refusal(host.url), refusal(f"{host.url}/of/another/tool")

        assert str(first) == str(second) == str(other) == "It did not answer in time."
        assert host.connections == 1
        assert host.left.acquire(timeout=WAIT)
        http_client.failures.clear()
        assert refusal(host.url).timed_out
        assert host.connections == 2


def test_a_failure_is_kept_for_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("lti.core.host_state.time.monotonic", lambda: clock[0])
    failures = host_state.FailureCache()
    failures.add("a", HostFailed("It did not answer in time.", timed_out=True))

    clock[0] += host_state.FAILURE_TTL - 0.01
    with pytest.raises(HostFailed, match="in time"):
        failures.raise_if_failed("a")
    failures.raise_if_failed("b")
    clock[0] += 0.02
    failures.raise_if_failed("a")


@pytest.fixture
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, nothing is late."""
    monkeypatch.setattr(http_client, "MAX_SECONDS", WAIT)
    monkeypatch.setattr(http_client, "LOCK_WAIT_SECONDS", WAIT)


@pytest.mark.usefixtures("_long")
def test_a_host_is_asked_once_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "LOCK_WAIT_SECONDS", 0.05)
    with SlowHost(*SLOW["body"]).running() as host, ThreadPoolExecutor(9) as pool:
        first = pool.submit(refusal, host.url)
        assert host.asked.acquire(timeout=WAIT)
        others = [pool.submit(refusal, host.url) for _ in range(8)]

        assert {str(other.result(WAIT)) for other in others} == {
            "It is being asked already, and has not answered yet. Try again."
        }
        assert host.connections == 1
        assert not first.done()
        host.stopping.set()
        assert "cannot be reached" in str(first.result(WAIT))


@pytest.mark.usefixtures("_long")
def test_others_wait_for_a_host_that_answers(lms: Lms) -> None:
    lms.replies["/page"] = Reply({"number": 1})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: fetch("GET", f"{lms.url}/page", host_label="It").json(), range(8)))

    assert answers == [{"number": 1}] * 8


@pytest.mark.usefixtures("_long")
def test_other_hosts_are_asked_meanwhile(lms: Lms) -> None:
    lms.replies["/page"] = Reply({"number": 1})
    with SlowHost(*SLOW["body"]).running() as host, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(refusal, host.url)
        assert host.asked.acquire(timeout=WAIT)

        assert fetch("GET", f"{lms.url}/page", host_label="It").json() == {"number": 1}
        assert not slow.done()
        host.stopping.set()


def test_exchanges_that_share_a_deadline_end_together(lms: Lms, monkeypatch: pytest.MonkeyPatch) -> None:
    lms.replies["/page"] = Reply({"number": 1})
    until = http_client.deadline()
    fetch("GET", f"{lms.url}/page", host_label="It", until=until)
    monkeypatch.setattr("lti.core.http_client.time.monotonic", lambda: until)

    error = refusal(f"{lms.url}/page", until=until)

    assert error.timed_out
    assert lms.paths() == ["/page"]


@pytest.mark.parametrize("status", [200, 302, 404, 500])
def test_an_answer_of_any_status_is_no_failure_of_the_host(lms: Lms, status: int) -> None:
    lms.replies["/page"] = Reply({}, status, headers={"Location": f"{lms.url}/elsewhere"})

    assert [fetch("GET", f"{lms.url}/page", host_label="It").status for _ in range(2)] == [status, status]
    assert lms.paths() == ["/page", "/page"]


@pytest.mark.parametrize("url", ["", "x", "http://", "http://[", "ftp://host.example.org/", "http://a b/", "//host"])
def test_what_is_no_url_is_refused_in_words(url: str) -> None:
    assert str(refusal(url)).startswith("It cannot be reached (")
