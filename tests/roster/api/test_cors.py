"""Browsers may ask from the origins that the campus lists, and read what they need of an answer."""

from typing import Any

import pytest

from tests.client import Answer, ask
from tests.sample_data import SampleData

PORTAL = "https://portal.example.edu"
EXPOSED = "Link, Retry-After, X-Request-Id, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"


@pytest.fixture(autouse=True)
def one_listed_portal(settings: Any) -> None:
    settings.CORS_ALLOWED_ORIGINS = [PORTAL]


def shared_with(answer: Answer) -> str | None:
    return answer.headers.get("Access-Control-Allow-Origin")


def preflight(path: str, origin: str = PORTAL) -> Answer:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-engage-api-key"}
    return ask(None, path, method="OPTIONS", headers={"Origin": origin, **asked})


def test_a_listed_origin_may_read_an_answer_and_its_headers(sample: SampleData) -> None:
    answer = ask(sample.campus_key, "/api/memberships", headers={"Origin": PORTAL})

    assert shared_with(answer) == PORTAL
    assert answer.headers["Access-Control-Expose-Headers"] == EXPOSED
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize(
    "origin",
    [
        "https://elsewhere.example.org",
        "http://portal.example.edu",
        "https://portal.example.edu:8443",
        "https://portal.example.edu.example.org",
        "null",
        "https://[",
    ],
)
def test_another_origin_may_not(sample: SampleData, origin: str) -> None:
    answer = ask(sample.campus_key, "/api/memberships", headers={"Origin": origin})

    assert (answer.status, shared_with(answer)) == (200, None)


def test_no_origin_may_where_none_is_listed(settings: Any, sample: SampleData) -> None:
    settings.CORS_ALLOWED_ORIGINS = []

    assert shared_with(ask(sample.campus_key, "/api/memberships", headers={"Origin": PORTAL})) is None


@pytest.mark.parametrize(
    "path", ["/api/memberships", "/api/Memberships/", "/engage/api/memberships", "/api/organizations/1"]
)
@pytest.mark.django_db
def test_a_preflight_needs_no_key(path: str) -> None:
    answer = preflight(path)

    assert (answer.status, shared_with(answer)) == (200, PORTAL)
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    allowed = answer.headers["Access-Control-Allow-Headers"].split(", ")
    assert {"authorization", "x-engage-api-key", "content-type"} <= set(allowed)


@pytest.mark.parametrize("name", ["X-Requested-With", "If-None-Match", "X-Request-Id", "Accept"])
@pytest.mark.django_db
def test_the_headers_that_libraries_add_pass_a_preflight(name: str) -> None:
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": name.lower()}
    answer = ask(None, "/api/memberships", method="OPTIONS", headers={"Origin": PORTAL, **asked})

    assert name.lower() in answer.headers["Access-Control-Allow-Headers"].split(", ")


@pytest.mark.parametrize("name", ["X-Requested-With", "If-None-Match"])
def test_they_change_nothing(sample: SampleData, name: str) -> None:
    plain = ask(sample.campus_key, "/api/memberships", headers={"Origin": PORTAL})

    answer = ask(sample.campus_key, "/api/memberships", headers={"Origin": PORTAL, name: "*"})

    assert (answer.status, answer.body, shared_with(answer)) == (200, plain.body, PORTAL)


@pytest.mark.django_db
def test_a_preflight_of_another_origin_allows_nothing() -> None:
    answer = preflight("/api/memberships", "https://elsewhere.example.org")

    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("path, status", [("/api/memberships", 401), ("/api/nothing", 404)])
@pytest.mark.django_db
def test_a_listed_origin_may_read_an_error(path: str, status: int) -> None:
    answer = ask(None, path, headers={"Origin": PORTAL})

    assert (answer.status, shared_with(answer)) == (status, PORTAL)


@pytest.mark.django_db
def test_the_admin_is_shared_with_nobody() -> None:
    answer = ask(None, "/admin/", headers={"Origin": PORTAL})

    assert (answer.status, shared_with(answer)) == (302, None)
