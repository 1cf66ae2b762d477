"""Each unsafe value of an environment variable is rejected by a check with an id, or has a reason here why not."""

import secrets
from typing import Any

import pytest
from django.conf import global_settings
from django.core.checks.registry import registry
from django.core.checks.security import base as security
from django.core.exceptions import ImproperlyConfigured

import lti.checks
import roster.checks
from tests.config.test_settings import settings as read
from tests.docs.test_settings import variables
from tests.postgres import ENVIRONMENT

pytestmark = pytest.mark.django_db  # one check reads what is stored

CHECKED = (roster.checks, lti.checks, security)
"""The modules whose checks look at settings."""

GOOD = {
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "roster.example.edu",
    "TRUSTED_PROXIES": "127.0.0.1",
    "DATABASE_URL": "postgres://roster:password@127.0.0.1:5432/roster",
}
"""The environment of a campus."""

PRINTED = "for-the-checks-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ"
"""A secret key that was once in this repository."""

REFUSED = "refused when it is read"

UNSAFE: dict[str, str | dict[str, str]] = {
    "DEMO": {
        "DEMO=true": "roster.E006",
        "DEMO=true ALLOWED_HOSTS=localhost BIND=0.0.0.0:80": "roster.E006",
        **{
            f"DEMO=true ALLOWED_HOSTS=localhost GUNICORN_CMD_ARGS={arguments}": "roster.E006"
            for arguments in ("--bind=0.0.0.0", "--bind=[::]:80", "--threads=2\t-b\t10.0.0.1:80", "-b0.0.0.0:8000")
        },
    },
    "DEMO_PASSWORD": "read by start_demo alone, which works in a demo only",
    "SECRET_KEY": {"SECRET_KEY=hunter2": "roster.E007", f"SECRET_KEY={PRINTED}": "roster.E010"},
    "SECRET_KEY_FALLBACKS": {
        "SECRET_KEY_FALLBACKS=hunter2": "roster.E007",
        f"SECRET_KEY_FALLBACKS={PRINTED}": "roster.E010",
    },
    "ALLOWED_HOSTS": {
        f"ALLOWED_HOSTS={hosts}": "roster.E005"
        for hosts in ("*", "roster.example.edu,*", ".edu", ".", ".co.uk", ".edu.au")
    },
    "HTTPS": {"HTTPS=false": "roster.E008"},
    "HSTS_SECONDS": {"HSTS_SECONDS=0": "security.W004"},
    "SITE_URL": {"SITE_URL=http://roster.example.edu": "lti.E001", "SITE_URL=https://*.example.edu": "lti.E001"},
    "TRUSTED_PROXIES": {
        f"TRUSTED_PROXIES={proxies}": "roster.E003"
        for proxies in ("0.0.0.0/0", "0.0.0.0/1,128.0.0.0/1", "::/1,8000::/1", "0.0.0.0/2,64.0.0.0/2,128.0.0.0/1")
    },
    "CORS_ALLOWED_ORIGINS": {
        f"CORS_ALLOWED_ORIGINS={origin}": "roster.E009" for origin in ("*", "null", "http://portal.example.edu")
    },
    "CSRF_TRUSTED_ORIGINS": {
        f"CSRF_TRUSTED_ORIGINS={origin}": "roster.E012"
        for origin in ("https://*", "https://*.edu", "http://roster.example.edu", "https://*.*.edu", "https://*.ac.uk")
    },
    "BIND": {"HTTPS=false ALLOWED_HOSTS=localhost BIND=0.0.0.0:80": "roster.E008"},
    "PORT": "a port of 127.0.0.1 alone, whichever it is",
    "PUBLIC_API": "what the campus shows to the public is its decision, made on each membership",
    "ANONYMOUS_RATE": {"ANONYMOUS_RATE=6001": REFUSED, "ANONYMOUS_RATE=0": REFUSED},
    "KEY_IN_QUERY": {"KEY_IN_QUERY=true": "roster.W001"},
    "LTIK_IN_QUERY": {"LTIK_IN_QUERY=true": "lti.W001"},
    "TIME_ZONE": "moves the day by hours, and shows nobody more",
    "WIRE_TIME_ZONE": "moves printed days by hours, and shows nobody more",
    "DATABASE_URL": {
        f"DATABASE_URL=postgres://roster:password@db.example.edu/roster{options}": "roster.W003"
        for options in ("", "?sslmode=disable", "?sslmode=prefer")
    },
    "DATABASE_TIMEOUT": "holds threads for some seconds, and shows nobody more",
    "DATABASE_PREPARED": "costs time, and shows nobody more",
    "SIGN_IN_FAILURES_BY_ADDRESS": {
        "SIGN_IN_FAILURES_BY_ADDRESS=51": REFUSED,
        "SIGN_IN_FAILURES_BY_ADDRESS=0": REFUSED,
    },
    "SIGN_IN_FAILURES_BY_ACCOUNT": {
        "SIGN_IN_FAILURES_BY_ACCOUNT=101": REFUSED,
        "SIGN_IN_FAILURES_BY_ACCOUNT=0": REFUSED,
    },
    "SESSION_HOURS": {"SESSION_HOURS=8760": "roster.E011", "SESSION_HOURS=169": "roster.E011"},
    "WEB_CONCURRENCY": "takes memory, and shows nobody more",
    "THREADS": "takes connections, and shows nobody more",
    "LOG_LEVEL": {"LOG_LEVEL=ERROR": "roster.W004", "LOG_LEVEL=CRITICAL": "roster.W004"},
}


class Given:
    """The settings of an environment, with Django's own for those that it does not make."""

    def __init__(self, values: dict[str, Any]) -> None:
        self.values = values

    def __getattr__(self, name: str) -> Any:
        return self.values[name] if name in self.values else getattr(global_settings, name)


def found(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> set[str | None]:
    """The ids of all messages of `check --deploy` about the settings of this environment."""
    for name in (*ENVIRONMENT, "DATABASE_URL", "GUNICORN_CMD_ARGS"):
        monkeypatch.setenv(name, environment.get(name, ""))
    given = Given(read())
    for module in CHECKED:
        monkeypatch.setattr(module, "settings", given)
    named = {module.__name__ for module in CHECKED}
    checks = [check for check in registry.get_checks(include_deployment_checks=True) if check.__module__ in named]
    return {message.id for check in checks for message in check(app_configs=None, databases=None)} - SILENCED


SILENCED = {"security.W005", "security.W021"}


def test_a_good_environment_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch, GOOD) == set()


def test_every_variable_has_an_entry() -> None:
    assert sorted(UNSAFE) == sorted(variables())


@pytest.mark.parametrize(
    "written, expected",
    [case for cases in UNSAFE.values() if isinstance(cases, dict) for case in cases.items()],
)
def test_an_unsafe_value_is_rejected(monkeypatch: pytest.MonkeyPatch, written: str, expected: str) -> None:
    environment = {**GOOD, **dict(part.split("=", 1) for part in written.split(" "))}

    if expected == REFUSED:
        with pytest.raises(ImproperlyConfigured, match=written.partition("=")[0]):
            found(monkeypatch, environment)
    else:
        assert expected in found(monkeypatch, environment)
