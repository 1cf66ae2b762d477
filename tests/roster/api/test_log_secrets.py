"""No line of any logger holds a key, a hash or a token, wherever a caller puts it and whatever goes wrong."""

import io
import logging
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from roster.models import ApiKey
from tests.roster.api.signing import signer

pytestmark = pytest.mark.django_db

LTIK = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbWFyYSJ9.c2lnbmF0dXJl-_c2lnbmF0dXJl"
MD5 = "9e107d9d372bb6826bd81d3542a419d6"
PRIVATE_KEY = "Zk3vQ8mW1xB7nT5rY2pL9cD4fG6hJ0sAeUiOqRtVwXz"

LOCATIONS: dict[str, tuple[str, dict[str, str]]] = {
    "the vendor's header": ("/api/test", {"X-Engage-Api-Key": "SECRET"}),
    "Authorization": ("/api/test", {"Authorization": "Bearer SECRET"}),
    "Authorization of another scheme": ("/api/test", {"Authorization": "SECRET"}),
    "the query": ("/api/test?key=SECRET", {}),
    "an unknown parameter": ("/api/organizations?apiKey2=SECRET", {}),
    "a known parameter": ("/api/organizations?name=SECRET", {}),
    "a number": ("/api/organizations?page=SECRET", {}),
    "the name of a parameter": ("/api/organizations?SECRET=1", {}),
    "the hash of a query": ("/api/test?apikey=a&time=1&random=r&hash=SECRET", {}),
    "the cursor": ("/api/organizations?cursor=SECRET", {}),
    "ltik": ("/api/memberships?ltik=SECRET", {}),
    "ltik of an idtoken": ("/api/idtoken?ltik=SECRET", {"Authorization": "Bearer SECRET"}),
    "a service key": ("/api/memberships", {"Authorization": "SERVICE-AUTH-V1 SECRET:SECRET"}),
    "the path of the API": ("/api/organizations/SECRET", {}),
    "another path": ("/SECRET/SECRET", {}),
    "the admin's path": ("/admin/roster/user/SECRET/change/", {}),
    "a query in the path": ("/api/test%3Fkey=SECRET", {}),
    "a cookie": ("/api/test", {"Cookie": "sessionid=SECRET; other=SECRET"}),
    "the host": ("/api/test", {"Host": "SECRET.example.edu"}),
    "Referer": ("/api/test", {"Referer": "https://portal.example.edu/?key=SECRET"}),
    "User-Agent": ("/api/test", {"User-Agent": "SECRET"}),
    "Accept": ("/api/test", {"Accept": "application/SECRET"}),
    "Origin": ("/api/test", {"Origin": "https://SECRET"}),
    "X-Forwarded-For": ("/api/test", {"X-Forwarded-For": "SECRET"}),
    "a page that is not safe to ask for": ("/admin/login/?next=SECRET", {"Referer": "SECRET"}),
}


@pytest.fixture(params=["bearer key", "private key", "MD5 hash", "SHA-512 hash", "ltik"])
def secret(request: pytest.FixtureRequest) -> str:
    """One of the secrets that callers have."""
    _, bearer = ApiKey.create_bearer("Portal", audience="staff")
    secrets = {"bearer key": bearer, "private key": PRIVATE_KEY, "MD5 hash": MD5, "SHA-512 hash": MD5 * 4, "ltik": LTIK}
    return secrets[request.param]


def ask(location: str, secret: str) -> int:
    path, headers = LOCATIONS[location]
    sent = {name: value.replace("SECRET", secret) for name, value in headers.items()}
    url, _, query = path.replace("SECRET", quote(secret)).partition("?")
    client = Client(raise_request_exception=False, HTTP_COOKIE=sent.pop("Cookie", ""))
    return client.get(f"{url}?{query}", headers=sent).status_code


def assert_is_kept_quiet(log: io.StringIO, secret: str) -> None:
    written = log.getvalue()
    assert '"logger":"roster.access"' in written
    assert secret not in written
    if secret.startswith("cr_"):
        assert secret.rpartition("_")[2] not in written


@pytest.mark.parametrize("location", LOCATIONS)
def test_it_is_not_logged_from(log: io.StringIO, settings: Any, location: str, secret: str) -> None:
    settings.KEY_IN_QUERY = settings.LTIK_IN_QUERY = True

    ask(location, secret)

    assert_is_kept_quiet(log, secret)


@pytest.fixture
def failure(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every view fails, with an error that repeats all that was asked."""
    settings.KEY_IN_QUERY = settings.PUBLIC_API = True

    def fail(view: Any, request: Any, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError(f"Something about {request.get_full_path()} with {request.headers}")

    monkeypatch.setattr("roster.api.views.RosterView.initial", fail)


@pytest.mark.usefixtures("failure")
@pytest.mark.parametrize("location", ["the vendor's header", "the query", "a known parameter", "a cookie"])
def test_it_is_not_logged_when_the_server_fails(log: io.StringIO, location: str, secret: str) -> None:
    assert ask(location, secret) == 500
    assert "RuntimeError: Something about /api/" in log.getvalue()
    assert_is_kept_quiet(log, secret)


@pytest.mark.usefixtures("failure")
def test_a_key_in_the_path_is_not_logged_when_the_server_fails(log: io.StringIO) -> None:
    _, text = ApiKey.create_bearer("Portal")

    assert ask("the path of the API", text) == 500
    assert "Internal Server Error: /api/organizations/***" in log.getvalue()
    assert_is_kept_quiet(log, text.lower())


def test_a_signed_query_is_not_logged(log: io.StringIO, clock: Any) -> None:
    client = signer()
    query = client.parameters("sha512")

    assert client.ask("/api/test", query).status == 200

    assert_is_kept_quiet(log, query["hash"])
    assert client.private_key not in log.getvalue()


def test_what_looks_like_a_secret_is_cut_from_any_logger(log: io.StringIO, secret: str) -> None:
    logging.getLogger("some.library").error("could not use %s, sorry", secret)

    assert '"message":"could not use ***, sorry"' in log.getvalue()


def test_ordinary_words_are_not_cut(log: io.StringIO) -> None:
    message = "roster.views.UserViewSet of UserAttributeSimilarityValidator, 2026-11-22T12:00:00, /api/test"
    logging.getLogger("some.library").error(message)

    assert message in log.getvalue()
