"""A tool's key set: fetched for well-formed assertions only, by one thread and used on while it cannot be read."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from django.db import connection
from django.utils import timezone
from joserfc.jwk import KeySet

from lti import keys
from lti.core import http_client, jwks
from lti.models import Tool
from tests.lti.assertions import ask_token, assertion, claims_of
from tests.lti.outgoing.slow_host import HEAD, SlowHost
from tests.lti.outgoing.test_fetching import WAIT
from tests.lti.platform.test_token_refusals import encoded
from tests.lti.tool.lms import Lms, Reply, running_lms
from tests.lti.tools import make_tool, private_key

BUSY = (
    "The key set of this tool cannot be read. The tool is being asked for its keys already, and has not answered "
    "yet. Try again."
)


def tool_at(url: str, **fields: Any) -> Tool:
    """A tool whose keys are at a URL only."""
    tool = make_tool(jwks_url=url, **fields)
    tool.keys.all().delete()
    return tool


def with_cached_keys(tool: Tool, *, age: dt.timedelta) -> None:
    jwks = KeySet([private_key()]).as_dict(private=False)
    Tool.objects.filter(pk=tool.pk).update(jwks=jwks, jwks_fetched_at=timezone.now() - age)


def described(response: Any) -> tuple[int, str, str]:
    body = orjson.loads(response.content)
    return response.status_code, body["error"], body["error_description"]


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize(
    "header, changes",
    [
        ({"alg": "HS256"}, {}),
        ({"alg": "none"}, {}),
        ({"alg": None}, {}),
        ({"kid": 1}, {}),
        ({"kid": "x" * 256}, {}),
        ({}, {"iss": "another"}),
        ({}, {"sub": "another"}),
        ({}, {"iss": "another", "sub": "another"}),
        ({}, {"aud": "https://other.example.org/token"}),
        ({}, {"aud": None}),
        ({}, {"exp": None}),
        ({}, {"exp": 1}),
        ({}, {"exp": 99_999_999_999}),
        ({}, {"iat": None}),
        ({}, {"iat": 99_999_999_999}),
        ({}, {"nbf": 99_999_999_999}),
        ({}, {"jti": None}),
        ({}, {"jti": "x" * 256}),
    ],
)
def test_an_assertion_that_is_not_well_formed_makes_nobody_fetch(
    header: dict[str, Any], changes: dict[str, Any], no_requests: list[Any]
) -> None:
    tool = tool_at("https://poll.example.org/keys")
    head = {"alg": "RS256", "kid": "poll-1", **header}
    text = f"{encoded(head)}.{encoded(claims_of(tool, **changes))}.{encoded(b'signature')}"

    assert described(ask_token(text))[:2] == (400, "invalid_client")
    assert no_requests == []


def signatures_of_no_key() -> Iterator[Any]:
    """For each algorithm: no signature, one that is no base64url, and one of a length that no key makes."""
    for algorithm in keys.ALGORITHMS:
        for text in ("", "=", "a", "!" * 400, "a" * 401, "a" * 20, f"{'a' * 342}==", "a" * 4000):
            yield pytest.param(algorithm, text, id=f"{algorithm} {text[:2]} {len(text)}")


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("algorithm, signature", list(signatures_of_no_key()))
def test_an_assertion_that_nobody_signed_makes_nobody_fetch(
    algorithm: str, signature: str, no_requests: list[Any]
) -> None:
    tool = tool_at("https://poll.example.org/keys")
    signed = f"{encoded({'alg': algorithm, 'kid': 'poll-1'})}.{encoded(claims_of(tool))}"

    assert described(ask_token(f"{signed}.{signature}"))[:2] == (400, "invalid_client")
    assert no_requests == []


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("algorithm", keys.ALGORITHMS)
def test_a_key_is_fetched_for_what_a_key_of_the_algorithm_may_have_signed(
    algorithm: str, no_requests: list[Any]
) -> None:
    size = {"ES256": 64, "ES384": 96, "ES512": 132}.get(algorithm, 256)
    tool = tool_at("https://poll.example.org/keys")
    signed = f"{encoded({'alg': algorithm, 'kid': 'poll-1'})}.{encoded(claims_of(tool))}"

    ask_token(f"{signed}.{encoded(b'x' * size)}")

    assert len(no_requests) == 1


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_listed_key_needs_no_key_set(no_requests: list[Any]) -> None:
    assert ask_token(assertion(make_tool(jwks_url="https://poll.example.org/keys"))).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_four_requests_ask_a_slow_host_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_SECONDS", WAIT)
    monkeypatch.setattr(jwks, "LOCK_WAIT_SECONDS", 0.05)
    with SlowHost(HEAD + b"Content-Length: 100000\r\n\r\n", b" ").running() as host, ThreadPoolExecutor(4) as pool:
        tool = tool_at(host.url)
        first = pool.submit(ask, assertion(tool))
        assert host.asked.acquire(timeout=WAIT)
        others = [pool.submit(ask, assertion(tool)) for _ in range(3)]

        assert [described(other.result(WAIT)) for other in others] == [(400, "invalid_client", BUSY)] * 3
        assert not first.done()
        assert host.connections == 1
        host.stopping.set()
        assert described(first.result(WAIT))[0] == 400


@pytest.mark.django_db(transaction=True)
def test_others_use_the_keys_at_hand_while_one_fetches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MAX_SECONDS", WAIT)
    with SlowHost(HEAD + b"Content-Length: 100000\r\n\r\n", b" ").running() as host, ThreadPoolExecutor(4) as pool:
        tool = tool_at(host.url)
        with_cached_keys(tool, age=dt.timedelta(minutes=1))
        first = pool.submit(ask, assertion(tool))
        assert host.asked.acquire(timeout=WAIT)
        others = [pool.submit(ask, assertion(tool)) for _ in range(3)]

        assert [other.result(WAIT).status_code for other in others] == [200] * 3
        assert not first.done()
        host.stopping.set()
        assert first.result(WAIT).status_code == 200, "it failed, and the keys at hand are of a minute ago"


@pytest.mark.django_db(transaction=True)
def test_eight_requests_at_once_fetch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwks, "LOCK_WAIT_SECONDS", WAIT)
    with running_lms() as host, ThreadPoolExecutor(8) as pool:
        shows(host)
        tool = tool_at(f"{host.url}/keys")
        answers = list(pool.map(ask, [assertion(tool) for _ in range(8)]))

        assert [answer.status_code for answer in answers] == [200] * 8
        assert host.paths() == ["/keys"]


@pytest.mark.both_databases
@pytest.mark.django_db
@pytest.mark.parametrize("age, status", [(dt.timedelta(minutes=4), 200), (dt.timedelta(minutes=6), 400)])
def test_keys_are_used_for_five_minutes_while_the_host_fails(age: dt.timedelta, status: int) -> None:
    with running_lms() as host:
        host.replies["/keys"] = Reply(status=500)
        tool = tool_at(f"{host.url}/keys")
        with_cached_keys(tool, age=age)

        assert [ask_token(assertion(tool)).status_code for _ in range(3)] == [status] * 3
        assert host.paths() == ["/keys"], "a failure is kept for seconds"


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_key_that_is_new_is_fetched_after_ten_seconds() -> None:
    with running_lms() as host:
        shows(host, "poll-1", "poll-2")
        tool = tool_at(f"{host.url}/keys")
        with_cached_keys(tool, age=dt.timedelta(seconds=5))
        text = assertion(tool, header={"kid": "poll-2"}, key=private_key("poll-2"))

        assert ask_token(text).status_code == 400
        assert host.paths() == []
        with_cached_keys(tool, age=dt.timedelta(seconds=11))
        assert ask_token(text).status_code == 200
        assert host.paths() == ["/keys"]


@pytest.mark.both_databases
@pytest.mark.django_db
def test_a_key_set_with_a_text_that_no_database_takes_is_read_as_far_as_it_goes() -> None:
    with running_lms() as host:
        odd = {**private_key("odd").as_dict(private=False), "kid": "\0"}
        published = [odd, {**private_key().as_dict(private=False), "x-note": "\0"}]
        host.replies["/keys"] = Reply({"keys": published})
        tool = tool_at(f"{host.url}/keys")

        assert ask_token(assertion(tool)).status_code == 200
        assert [key.kid for key in keys.readable(Tool.objects.get().jwks)] == ["poll-1"]


def shows(host: Lms, *kids: str) -> None:
    shown = [private_key(kid).as_dict(private=False) for kid in kids or ("poll-1",)]
    host.replies["/keys"] = Reply({"keys": shown})


def ask(text: str) -> Any:
    """Ask for a token in a thread of its own."""
    try:
        return ask_token(text)
    finally:
        connection.close()
