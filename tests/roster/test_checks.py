"""Settings that are wrong or unsafe are named by a check with an id."""

from typing import Any

import pytest
from django.core import checks

GOOD = {
    "DEMO": False,
    "HTTPS": True,
    "ALLOWED_HOSTS": ["roster.example.edu"],
    "SECRET_KEY": "kq8Zr1vT5nXw3yB7dF9hJ2mP4sU6aC0eGiLoQtWzVxRbNcMfKjHgD",
    "SECRET_KEY_FALLBACKS": [],
    "TRUSTED_PROXIES": ["127.0.0.1", "10.0.0.0/24", "2001:db8::/64", "unix"],
    "CORS_ALLOWED_ORIGINS": ["https://portal.example.edu", "http://localhost:3000"],
    "CSRF_TRUSTED_ORIGINS": ["https://roster.example.edu"],
    "KEY_IN_QUERY": False,
    "LTIK_IN_QUERY": False,
    "BIND": "",
    "SESSION_COOKIE_AGE": 12 * 3600,
    "LOG_LEVEL": "WARNING",
}
"""A campus's settings, of which each test changes what it is about."""


def found(settings: Any, *, deploy: bool = False, **changes: Any) -> list[str | None]:
    """The ids of the messages of the checks about the good settings with some changed."""
    for name, value in {**GOOD, **changes}.items():
        setattr(settings, name, value)
    return [message.id for message in checks.run_checks(tags=["settings"], include_deployment_checks=deploy)]


def test_good_settings_pass(settings: Any) -> None:
    assert found(settings, deploy=True) == []


def test_a_zone_that_does_not_exist(settings: Any) -> None:
    assert found(settings, WIRE_TIME_ZONE="Mars/Phobos") == ["roster.E001"]


@pytest.mark.parametrize("proxy", ["proxy.example.edu", "10.0.0.1/8", "10.0.0.256", "127.0.0.1:8000", "*"])
def test_a_proxy_that_is_no_network(settings: Any, proxy: str) -> None:
    assert found(settings, TRUSTED_PROXIES=["127.0.0.1", proxy]) == ["roster.E002"]


@pytest.mark.parametrize(
    "everybody",
    [
        *("0.0.0.0/0", "::/0", "0.0.0.0/1,128.0.0.0/1", "::/1,8000::/1", "0.0.0.0/1", "2000::/3"),
        *("127.0.0.1,64.0.0.0/2,128.0.0.0/2,192.0.0.0/2,0.0.0.0/2", "1.0.0.0/8,2.0.0.0/32", "2001::/16,2002::/128"),
        ",".join(f"{number}.0.0.0/9" for number in range(1, 5)),
    ],
)
def test_proxies_that_are_everybody(settings: Any, everybody: str) -> None:
    assert found(settings, TRUSTED_PROXIES=everybody.split(",")) == ["roster.E003"]


@pytest.mark.parametrize(
    "proxies", ["10.0.0.0/8,172.16.0.0/12,192.168.0.0/16", "198.51.100.0/24,203.0.113.0/24", "1.0.0.0/8", "fc00::/7"]
)
def test_proxies_that_are_a_campus_and_its_providers(settings: Any, proxies: str) -> None:
    assert found(settings, TRUSTED_PROXIES=proxies.split(",")) == []


@pytest.mark.parametrize(
    "bind, ids",
    [
        ("0.0.0.0:8000", ["roster.E006"]),
        (":8000", ["roster.E006"]),
        ("[::]:8000", ["roster.E006"]),
        ("192.0.2.7:8000", ["roster.E006"]),
        ("127.0.0.1:8000", []),
        ("[::1]:8000", []),
        ("localhost:8000", []),
        ("unix:/run/roster.sock", []),
    ],
)
def test_a_demo_that_others_could_reach_by_its_address(settings: Any, bind: str, ids: list[str]) -> None:
    assert found(settings, DEMO=True, HTTPS=False, ALLOWED_HOSTS=["localhost"], BIND=bind) == ids


def test_plain_http_at_an_address_of_others(settings: Any) -> None:
    assert found(settings, HTTPS=False, ALLOWED_HOSTS=["localhost"], BIND="0.0.0.0:8000") == ["roster.E008"]


@pytest.mark.parametrize("hours, ids", [(168, []), (169, ["roster.E011"]), (8760, ["roster.E011"])])
def test_sessions_of_more_than_a_week(settings: Any, hours: int, ids: list[str]) -> None:
    assert found(settings, SESSION_COOKIE_AGE=hours * 3600) == ids


@pytest.mark.parametrize("run, ids", [("01234567", ["roster.E010"]), ("0123456", []), ("stuvwxyz", ["roster.E010"])])
def test_a_key_that_somebody_wrote(settings: Any, run: str, ids: list[str]) -> None:
    key = f"kq8Zr1vT5nXw3yB7dF9hJ2mP4sU6aC0eGiLoQt{run}WzVxRbNcMfKjHgD"

    assert found(settings, SECRET_KEY=key, deploy=True) == ids
    assert found(settings, SECRET_KEY_FALLBACKS=[key], deploy=True) == ids


@pytest.mark.parametrize("demo", [False, True])
def test_no_host(settings: Any, demo: bool) -> None:
    assert found(settings, ALLOWED_HOSTS=[], DEMO=demo) == ["roster.E004"]


def test_any_host(settings: Any) -> None:
    assert found(settings, ALLOWED_HOSTS=["roster.example.edu", "*"]) == ["roster.E005"]


@pytest.mark.parametrize("host", ["roster.example.edu", "*", "192.0.2.7", "localhost.example.edu"])
def test_a_demo_that_others_could_reach(settings: Any, host: str) -> None:
    assert found(settings, DEMO=True, HTTPS=False, ALLOWED_HOSTS=["localhost", host]) == ["roster.E006"]


def test_the_demo_on_ones_own_machine_may_be_plain(settings: Any) -> None:
    here = ["localhost", "127.0.0.1", "[::1]", "demo.localhost"]

    assert found(settings, DEMO=True, HTTPS=False, ALLOWED_HOSTS=here, SECRET_KEY="short") == []


@pytest.mark.parametrize(
    "key",
    [
        "kq8Zr1vT5nXw3yB7dF9hJ2mP4sU6aC0eGiLoQtWzVxRbNcMfK",
        "django-insecure-kq8Zr1vT5nXw3yB7dF9hJ2mP4sU6aC0eGiLoQtWzVxRbNcMfKjHgD",
        "change-me-to-something-random-of-50-characters-or-more-please",
        "abcabcabc" * 10,
    ],
    ids=["of 49 characters", "Django's own", "a template's", "of three characters"],
)
def test_a_secret_key_that_can_be_guessed(settings: Any, key: str) -> None:
    assert found(settings, SECRET_KEY=key) == ["roster.E007"]


def test_a_fallback_that_can_be_guessed(settings: Any) -> None:
    assert found(settings, SECRET_KEY_FALLBACKS=["short"]) == ["roster.E007"]


def test_a_check_never_shows_the_secret_key(settings: Any) -> None:
    found(settings, SECRET_KEY="hunter2")

    assert "hunter2" not in "".join(str(message) for message in checks.run_checks(tags=["settings"]))


def test_plain_http_for_others(settings: Any) -> None:
    assert found(settings, HTTPS=False) == ["roster.E008"]


def test_plain_http_on_ones_own_machine(settings: Any) -> None:
    assert found(settings, HTTPS=False, ALLOWED_HOSTS=["localhost", "127.0.0.1"]) == []


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example.edu", "portal.example.edu", "https://portal.example.edu/", "null", "https://portal:x"],
)
def test_an_origin_that_is_none(settings: Any, origin: str) -> None:
    assert found(settings, CORS_ALLOWED_ORIGINS=[origin]) == ["roster.E009"]


def test_a_warning_of_keys_in_urls(settings: Any) -> None:
    assert found(settings, KEY_IN_QUERY=True) == ["roster.W001"]
    assert found(settings, LTIK_IN_QUERY=True) == ["lti.W001"]


def test_a_warning_of_https_without_a_named_proxy_when_deploying(settings: Any) -> None:
    assert found(settings, TRUSTED_PROXIES=[]) == []
    assert found(settings, TRUSTED_PROXIES=[], deploy=True) == ["roster.W002"]
