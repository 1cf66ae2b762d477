"""The platform's keys, and the key sets that tools publish."""

import datetime as dt
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import KeySet

from lti.models import PlatformKey, Tool
from lti.platform import tool_jwks
from lti.querysets import PUBLISHED_AFTER_RETIRING
from tests.lti.assertions import ask_token, assertion, refused
from tests.lti.tools import private_key

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOW = dt.datetime(2025, 5, 2, 12, tzinfo=dt.UTC)


def published() -> list[str]:
    return [key["kid"] for key in Client().get("/lti/jwks").json()["keys"]]


def test_the_first_key_is_made_when_it_is_first_asked_for() -> None:
    answer = Client().get("/lti/jwks")

    (key,) = answer.json()["keys"]
    assert set(key) == {"kid", "kty", "n", "e", "use", "alg"}
    assert (key["kty"], key["use"], key["alg"]) == ("RSA", "sig", "RS256")
    assert published() == [key["kid"]]


def test_the_private_key_is_encrypted_at_rest() -> None:
    key = PlatformKey.rotate(on=NOW)

    assert "PRIVATE" not in key.private_key_encrypted
    assert key.private_key.is_private


def test_rotating_leaves_the_old_key_published() -> None:
    old = PlatformKey.signing()

    call_command("rotate_lti_key")

    assert published() == [PlatformKey.signing().kid, old.kid]
    assert PlatformKey.signing().kid != old.kid


def test_what_the_old_key_signed_can_still_be_checked() -> None:
    old = PlatformKey.signing()
    text = jwt.encode({"alg": "RS256", "kid": old.kid}, {"sub": "x"}, old.private_key, algorithms=["RS256"])

    call_command("rotate_lti_key")

    assert jwt.decode(text, KeySet.import_key_set(Client().get("/lti/jwks").json())).claims == {"sub": "x"}


def test_a_key_that_was_retired_long_ago_is_not_published() -> None:
    PlatformKey.rotate(on=timezone.now() - PUBLISHED_AFTER_RETIRING)
    PlatformKey.rotate(on=timezone.now() - PUBLISHED_AFTER_RETIRING)

    assert published() == [PlatformKey.signing().kid]


def test_the_command_names_the_new_key(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rotate_lti_key")

    assert PlatformKey.signing().kid in capsys.readouterr().out


class KeyServer(HTTPServer):
    """A tool that publishes its keys."""

    body = b""
    status = 200
    asked = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/jwks"

    def publish(self, *kids: str) -> None:
        keys = [private_key(kid).as_dict(private=False) for kid in kids]
        self.body = orjson.dumps({"keys": keys})


class Handler(BaseHTTPRequestHandler):
    server: KeyServer

    def do_GET(self) -> None:
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Location", self.server.url)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def key_server() -> Iterator[KeyServer]:
    server = KeyServer(("127.0.0.1", 0), Handler)
    server.publish("poll-1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def published_tool(poll: Tool, key_server: KeyServer) -> Tool:
    """A tool whose keys are in its own key set only."""
    poll.keys.all().delete()
    poll.jwks_url = key_server.url
    poll.save()
    return poll


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tool_jwks, "JWKS_MAX_AGE", dt.timedelta())


def test_a_tool_is_known_by_the_keys_it_publishes(published_tool: Tool) -> None:
    assert ask_token(assertion(published_tool)).status_code == 200


def test_a_key_set_is_fetched_once_in_a_while(published_tool: Tool, key_server: KeyServer) -> None:
    for _ in range(3):
        ask_token(assertion(published_tool))

    assert key_server.asked == 1


def test_fetching_keys_is_no_change_of_the_tool(published_tool: Tool) -> None:
    ask_token(assertion(published_tool))

    assert Tool.objects.get().modified_at == published_tool.modified_at


def test_a_key_that_the_tool_took_down_opens_nothing(
    published_tool: Tool, key_server: KeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ask_token(assertion(published_tool)).status_code == 200
    key_server.publish("poll-2")
    later(monkeypatch)

    assert refused(ask_token(assertion(published_tool))) == (400, "invalid_client")
    text = assertion(published_tool, header={"kid": "poll-2"}, key=private_key("poll-2"))
    assert ask_token(text).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b'{"keys": 1}', b'{"keys": [1, {}, {"kty": "x"}]}', b" " * 300_000]
)
def test_a_key_set_that_is_none_opens_nothing(published_tool: Tool, key_server: KeyServer, body: bytes) -> None:
    key_server.body = body

    assert refused(ask_token(assertion(published_tool))) == (400, "invalid_client")


@pytest.mark.parametrize("status", [302, 404, 500])
def test_redirects_and_errors_open_nothing(published_tool: Tool, key_server: KeyServer, status: int) -> None:
    key_server.status = status

    assert refused(ask_token(assertion(published_tool))) == (400, "invalid_client")
    assert key_server.asked == 1


def test_a_shared_secret_in_a_key_set_opens_nothing(published_tool: Tool, key_server: KeyServer) -> None:
    key_server.body = orjson.dumps({"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "poll-1"}]})

    assert refused(ask_token(assertion(published_tool))) == (400, "invalid_client")


def test_a_host_that_does_not_answer_opens_nothing(poll: Tool, key_server: KeyServer) -> None:
    poll.keys.all().delete()
    poll.jwks_url = "http://127.0.0.1:1/jwks"
    poll.save()

    assert refused(ask_token(assertion(poll))) == (400, "invalid_client")
