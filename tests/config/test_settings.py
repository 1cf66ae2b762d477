"""What a campus gets that sets only what it has to."""

import runpy
from typing import Any

import pytest

from tests.postgres import ENVIRONMENT
from tests.repository.import_order import ROOT


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The variables of a campus: its name and its secret key, and no others."""
    for name in (*ENVIRONMENT, "DATABASE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("SECRET_KEY", ENVIRONMENT["SECRET_KEY"])
    monkeypatch.setenv("ALLOWED_HOSTS", "roster.example.edu")
    return monkeypatch


def settings() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "config" / "settings.py"))


@pytest.mark.usefixtures("environment")
def test_the_defaults_are_closed() -> None:
    given = settings()

    assert (given["DEBUG"], given["DEMO"]) == (False, False)
    assert (given["PUBLIC_API"], given["KEY_IN_QUERY"], given["LTIK_IN_QUERY"]) == (False, False, False)
    assert (given["CORS_ALLOWED_ORIGINS"], given["TRUSTED_PROXIES"]) == ([], [])


@pytest.mark.usefixtures("environment")
def test_cookies_and_requests_go_over_https() -> None:
    given = settings()

    assert given["SECURE_SSL_REDIRECT"]
    assert (given["SESSION_COOKIE_SECURE"], given["CSRF_COOKIE_SECURE"]) == (True, True)
    assert given["SESSION_COOKIE_HTTPONLY"]
    assert given["SESSION_COOKIE_AGE"] == 12 * 3600


@pytest.mark.usefixtures("environment")
def test_browsers_remember_https_for_this_host_name_alone() -> None:
    given = settings()

    assert given["SECURE_HSTS_SECONDS"] == 365 * 24 * 3600
    assert (given["SECURE_HSTS_INCLUDE_SUBDOMAINS"], given["SECURE_HSTS_PRELOAD"]) == (False, False)


def test_no_hsts_header_is_sent_without_https(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HTTPS", "false")

    assert settings()["SECURE_HSTS_SECONDS"] == 0


def test_only_a_named_proxy_says_what_came_by_https(environment: pytest.MonkeyPatch) -> None:
    assert settings()["SECURE_PROXY_SSL_HEADER"] is None
    environment.setenv("TRUSTED_PROXIES", "127.0.0.1")
    assert settings()["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_the_options_of_the_database_url_are_kept(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgres://roster@db.example.edu/roster?sslmode=verify-full")

    database = settings()["DATABASES"]["default"]

    assert database["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("query, seconds", [("", 10), ("?connect_timeout=3", 3)])
def test_a_database_that_is_away_is_not_waited_for_long(
    environment: pytest.MonkeyPatch, query: str, seconds: int
) -> None:
    environment.setenv("DATABASE_URL", f"postgres://roster@db.example.edu/roster{query}")

    assert settings()["DATABASES"]["default"]["OPTIONS"]["connect_timeout"] == seconds


def test_a_database_that_was_restarted_is_no_error(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgres://roster@db.example.edu/roster")

    assert settings()["DATABASES"]["default"]["CONN_HEALTH_CHECKS"]


@pytest.mark.parametrize(
    "query, is_prepared, session, options",
    [
        ("", "true", {"random_page_cost": "1.1"}, None),
        ("?options=-c%20random_page_cost%3D2", "true", {}, "-c random_page_cost=2"),
        ("", "false", None, None),
    ],
)
def test_random_page_cost_is_set_except_behind_a_pooler(
    environment: pytest.MonkeyPatch,
    query: str,
    is_prepared: str,
    session: dict[str, str] | None,
    options: str | None,
) -> None:
    """After connecting, because poolers refuse options at the start."""
    environment.setenv("DATABASE_URL", f"postgres://roster@db.example.edu/roster{query}")
    environment.setenv("DATABASE_PREPARED", is_prepared)

    given = settings()["DATABASES"]["default"]["OPTIONS"]

    assert (given["session"], given.get("options")) == (session, options)
