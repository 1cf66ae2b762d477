"""Every endpoint that checks a password counts the failures. Found from the URL configuration, by trying each one."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver

from roster import sign_in, window_counters
from roster.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

PASSWORD, WRONG = "correct horse battery staple", "hunter2-hunter2"

FORM = {
    **dict.fromkeys(("password", "old_password", "current_password", "passwd", "pass", "pin", "secret"), WRONG),
    **dict.fromkeys(("new_password1", "new_password2", "password1", "password2"), "a-made-up-one-9"),
    **dict.fromkeys(("username", "user", "login", "email", "name"), "root"),
}
"""What a page may call a password, a new one, and an account."""


def paths() -> list[str]:
    """A path for each view of the site, with 1 for each of its parts that vary; each form of the admin that adds."""
    found: dict[str, str] = {}
    for route, view in walk(get_resolver().url_patterns):
        found.setdefault(route if route.endswith("/add/") else view, filled(route))
    return sorted(found.values())


def walk(patterns: list[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Every route, with the name of its view."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.lookup_str
        else:
            yield from walk(pattern.url_patterns, route)


def filled(route: str) -> str:
    path = re.sub(
        r"\(\?P<app_label>(\w+)[^)]*\)|\(\?P<\w+>(?:\[[^\]]*\]|\.)[+*]\)", lambda found: found[1] or "1", route
    )
    path = path.replace("<uuid:context_id>", "00000000-0000-0000-0000-000000000001")
    return "/" + re.sub(r"<[^>]*>", "1", path).replace("^", "").replace("$", "")


@pytest.fixture
def root() -> User:
    user: User = User.objects.create_superuser("root", PASSWORD, id=1)
    return user


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The passwords that were checked against a stored one."""
    found: list[str | None] = []
    verify = hashers.verify_password

    def recording(password: str | None, *args: Any, **kwargs: Any) -> tuple[bool, bool]:
        found.append(password)
        return verify(password, *args, **kwargs)

    monkeypatch.setattr(hashers, "verify_password", recording)
    return found


def failures_counted(path: str, user: User | None) -> tuple[int, int]:
    """The status of a form with wrong passwords, sent as `user` or as nobody, and how many failures it counted.

    Whatever else it does is taken back.
    """
    client = Client(raise_request_exception=False)
    with transaction.atomic():
        before = used()
        if user:
            client.force_login(user)
        status = client.post(path, FORM).status_code
        counted = used() - before
        transaction.set_rollback(True)
    return status, counted


def used() -> int:
    return window_counters.peek(f"{sign_in.ADDRESS_SUBJECT}127.0.0.1", window=sign_in.WINDOW, on=sign_in.clock()).used


def test_each_counts_and_checks_nothing_when_too_many_have_failed(
    root: User, checked: list[str | None], settings: Any
) -> None:
    found = {}
    for path in paths():
        for user in (None, root):
            _, counted = failures_counted(path, user)
            if checked:
                found[path, user] = counted
            checked.clear()
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 0

    assert {where: counted for where, counted in found.items() if counted != 1} == {}
    assert {where: failures_counted(*where) for where in found} == dict.fromkeys(found, (429, 0))
    assert checked == []
    assert {path for path, _ in found} == {"/admin/login/", "/admin/password_change/", "/lti/sign-in"}


def test_every_hasher_takes_one_password_at_a_time(settings: Any) -> None:
    assert [type(hasher).__name__ for hasher in hashers.get_hashers()] == ["OneAtATimeHasher"]
