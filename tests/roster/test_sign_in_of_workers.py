"""The limit of failed sign-ins is exact however many workers check passwords at once, and they keep answering."""

import io
import re
import threading
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connections
from django.test import Client

from roster import passwords
from roster.models import User
from tests.serving import Site, serving

PASSWORD = "correct horse battery staple"


def give(site: Site, csrf: tuple[str, str], password: str) -> int:
    """The status of an attempt that was looked at or refused for good: whoever comes while it is busy tries again."""
    cookie, token = csrf
    form = {"username": "root", "password": password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(  # noqa: S310 (our own server)
        f"{site.url}/lti/sign-in", urlencode(form).encode(), {"Cookie": cookie}
    )
    while True:
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310 (the same)
                return int(response.status)
        except urllib.error.HTTPError as error:
            with error:
                if error.code != 503:
                    return error.code


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
def test_exactly_2_of_6_wrong_passwords_at_once_are_looked_at(tmp_path: Path) -> None:
    User.objects.create_superuser("root", PASSWORD)

    with serving(tmp_path, workers=2, SIGN_IN_FAILURES_BY_ADDRESS="2") as site, ThreadPoolExecutor(6) as clients:
        page = site.ask("/lti/sign-in")
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert token
        csrf = (page.headers["Set-Cookie"].partition(";")[0], token[1].decode())
        given = list(clients.map(lambda number: give(site, csrf, f"wrong {number}"), range(6)))
        right = give(site, csrf, PASSWORD)

    assert Counter(given) == {200: 2, 429: 4}
    assert right == 429


def sign_in(path: str, form: dict[str, str]) -> int:
    """The status of an attempt in a thread of its own."""
    try:
        return Client().post(path, form).status_code
    finally:
        connections.close_all()


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("path", ["/lti/sign-in", "/admin/login/"])
def test_a_second_password_is_not_waited_for(
    path: str, settings: Any, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 2
    User.objects.create_superuser("root", PASSWORD)
    begun, may_end = threading.Event(), threading.Event()
    pbkdf2 = PBKDF2PasswordHasher.encode

    def slow(*args: Any, **kwargs: Any) -> str:
        begun.set()
        assert may_end.wait(60)
        return pbkdf2(*args, **kwargs)

    monkeypatch.setattr(PBKDF2PasswordHasher, "encode", slow)
    with ThreadPoolExecutor(1) as other:
        first = other.submit(sign_in, path, {"username": "root", "password": PASSWORD, "next": path})
        assert begun.wait(60)
        busy = [Client().post(path, {"username": "amara", "password": "wrong"}) for _ in range(2)]
        answered = Client().get("/healthz").status_code
        may_end.set()

        assert [(page.status_code, page["Retry-After"]) for page in busy] == [(503, "1")] * 2
        assert "Try again in a moment" in busy[0].content.decode()
        assert (answered, first.result()) == (200, 302)
    assert "ERROR" not in log.getvalue()  # nothing failed


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quick_passwords")
def test_who_comes_while_it_is_busy_has_failed_nothing(settings: Any) -> None:
    settings.SIGN_IN_FAILURES_BY_ADDRESS = 1
    User.objects.create_superuser("root", PASSWORD)
    form = {"username": "root", "password": PASSWORD, "next": "/lti/sign-in"}

    with ThreadPoolExecutor(1) as other, passwords.hashing_slot():
        assert [other.submit(sign_in, "/lti/sign-in", form).result() for _ in range(3)] == [503] * 3

    assert sign_in("/lti/sign-in", form) == 302


@pytest.mark.both_databases
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("quick_passwords")
@pytest.mark.parametrize("whose", ["their own", "another's", "a new account's"])
def test_a_new_password_takes_its_turn_too(whose: str) -> None:
    root, amara = User.objects.create_superuser("root", PASSWORD), User.objects.create_user("amara")
    new = "another battery horse staple"
    path, form = {
        "their own": ("/admin/password_change/", {"old_password": PASSWORD, "new_password1": new}),
        "another's": (f"/admin/roster/user/{amara.pk}/password/", {"password1": new, "usable_password": "true"}),
        "a new account's": ("/admin/roster/user/add/", {"username": "ben", "password1": new}),
    }[whose]
    form |= {name.replace("1", "2"): value for name, value in form.items() if name.endswith("1")}
    client = Client()
    client.force_login(root)
    before = list(User.objects.order_by("pk").values_list("username", "password"))

    def post() -> int:
        try:
            return client.post(path, form).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as other:
        with passwords.hashing_slot():
            assert other.submit(post).result() == 503
        assert list(User.objects.order_by("pk").values_list("username", "password")) == before
        assert other.submit(post).result() == 302
