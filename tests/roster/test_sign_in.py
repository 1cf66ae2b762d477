"""Wrong passwords are counted by address and by account, wherever one is checked."""

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.test import Client

from roster import sign_in
from roster.models import User
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

PASSWORD = "correct horse battery staple"
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"


class Clock:
    """The clock of sign-ins, in the hand of a test."""

    now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(sign_in, "clock", clock)
    return clock


@pytest.fixture(autouse=True)
def limits(settings: Any) -> None:
    """Three failures from an address, five at an account; the test client is a proxy that is believed."""
    settings.SIGN_IN_FAILURES_BY_ADDRESS, settings.SIGN_IN_FAILURES_BY_ACCOUNT = 3, 5
    settings.TRUSTED_PROXIES = ["127.0.0.1"]


@pytest.fixture
def amara(sample: SampleData) -> User:
    return with_password(sample.amara)


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def give(
    password: str,
    username: str = "amara.okafor",
    address: str = HERE,
    path: str = "/lti/sign-in",
    browser: Client | None = None,
) -> Any:
    """The response to this password, from a browser without cookies unless one is given."""
    form = {"username": username, "password": password, "next": "/lti/sign-in"}
    return (browser or Client()).post(path, form, headers={"X-Forwarded-For": address})


def statuses(*answers: HttpResponse) -> list[int]:
    return [answer.status_code for answer in answers]


def test_after_the_last_failure_even_the_right_password_is_refused(amara: User) -> None:
    assert statuses(*(give("wrong") for _ in range(3))) == [200, 200, 200]

    refused = give(PASSWORD)

    assert refused.status_code == 429
    assert refused["Retry-After"] == "900"
    assert refused["Cache-Control"] == "no-store"
    assert "Try again at 07:15, in 15 minutes." in refused.content.decode()
    assert "_auth_user_id" not in refused.client.session


def test_it_ends_a_quarter_of_an_hour_after_the_first_failure(amara: User, clock: Clock) -> None:
    give("wrong")
    clock.now += dt.timedelta(minutes=10)
    give("wrong")
    give("wrong")
    clock.now += dt.timedelta(minutes=4, seconds=59.999)
    assert give(PASSWORD)["Retry-After"] == "1"
    clock.now += dt.timedelta(milliseconds=1)

    assert give(PASSWORD).status_code == 302


def test_a_refusal_hashes_nothing(amara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        give("wrong")
    monkeypatch.setattr("roster.passwords.OneAtATimeHasher.encode", None)

    assert statuses(give("wrong"), give(PASSWORD), give("x", "nobody.here")) == [429, 429, 429]


def test_an_account_is_closed_by_failures_from_many_addresses(amara: User) -> None:
    wrong = [give("wrong", address=f"203.0.113.{number // 2}") for number in range(5)]

    assert statuses(*wrong, give(PASSWORD, address=ELSEWHERE)) == [200] * 5 + [429]


def test_one_address_cannot_close_an_account(amara: User) -> None:
    for _ in range(20):
        give("wrong")

    assert give(PASSWORD, address=ELSEWHERE).status_code == 302


def test_refusals_for_an_account_do_not_count_for_the_address(amara: User, sample: SampleData) -> None:
    with_password(sample.jolene)
    for number in range(5):
        give("wrong", address=f"203.0.113.{number}")
    for _ in range(9):
        give(PASSWORD)

    assert give(PASSWORD, "jolene.abernathy").status_code == 302


def test_an_account_is_one_account_however_its_name_is_spelled(amara: User) -> None:
    for number, name in enumerate(["AMARA.OKAFOR", "Amara.Okafor", "ámara.okafor", "amara.okafor", "amara.okafoR"]):
        give("wrong", name, address=f"203.0.113.{number}")

    assert give(PASSWORD, address=ELSEWHERE).status_code == 429


def test_an_account_that_does_not_exist_is_refused_alike(db: None) -> None:
    wrong = [give("wrong", "nobody.here", address=f"203.0.113.{number}") for number in range(6)]

    assert statuses(*wrong) == [200] * 5 + [429]
    assert wrong[5].content == give("x", "nobody.here", address=ELSEWHERE).content


def test_a_success_lets_the_account_begin_anew(amara: User) -> None:
    for number in range(4):
        give("wrong", address=f"203.0.113.{number}")
    assert give(PASSWORD).status_code == 302

    again = [give("wrong", address=f"198.51.100.{number}") for number in range(5)]

    assert statuses(*again, give(PASSWORD)) == [200] * 5 + [429]


def test_a_browser_in_which_one_signed_in_stays_open_to_its_owner(amara: User, sample: SampleData) -> None:
    with_password(sample.jolene)
    known, of_another = Client(), Client()
    assert statuses(give(PASSWORD, browser=known), give(PASSWORD, "jolene.abernathy", browser=of_another)) == [302, 302]
    for client in (known, of_another):
        del client.cookies["sessionid"]
    for number in range(5):
        give("wrong", address=f"203.0.113.{number}")

    assert give(PASSWORD, browser=of_another, address=ELSEWHERE).status_code == 429
    assert give(PASSWORD, browser=known).status_code == 302


def test_a_known_browser_is_limited_as_an_account_is(amara: User) -> None:
    known = Client()
    give(PASSWORD, browser=known)
    del known.cookies["sessionid"]

    wrong = [give("wrong", browser=known, address=f"203.0.113.{number}") for number in range(5)]

    assert statuses(*wrong, give(PASSWORD, browser=known)) == [200] * 5 + [429]
    assert give(PASSWORD).status_code == 302


def test_a_cookie_that_was_made_up_makes_no_browser_known(amara: User) -> None:
    unknown = Client()
    unknown.cookies[sign_in.COOKIE] = f"{sign_in.account_digest('amara.okafor')}:1234567890abcdef:1vOqXY:made-up"
    for number in range(5):
        give("wrong", address=f"203.0.113.{number}")

    assert give(PASSWORD, browser=unknown).status_code == 429


def test_the_cookie_is_kept_from_scripts_and_names_nobody(amara: User) -> None:
    cookie = give(PASSWORD).cookies[sign_in.COOKIE]

    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", sign_in.COOKIE_AGE)
    assert "amara" not in cookie.value
    assert sign_in.COOKIE not in give("wrong").cookies


def test_a_success_counts_nothing_for_its_address_and_takes_no_failure_back(amara: User) -> None:
    give("wrong")
    give("wrong")
    assert statuses(*(give(PASSWORD) for _ in range(5))) == [302] * 5

    assert statuses(give("wrong"), give(PASSWORD)) == [200, 429]


def test_addresses_of_one_ipv6_network_count_together(amara: User) -> None:
    for number in range(3):
        give("wrong", address=f"2001:db8:0:1::{number}")

    assert give(PASSWORD, address="2001:db8:0:1:ffff::1").status_code == 429
    assert give(PASSWORD, address="2001:db8:0:2::1").status_code == 302


def test_one_who_may_not_sign_in_fails_with_the_right_password_too(amara: User) -> None:
    amara.status = User.Status.INACTIVE
    amara.save()

    assert statuses(*(give(PASSWORD) for _ in range(4))) == [200, 200, 200, 429]


def test_every_page_counts_into_the_same_limit(amara: User) -> None:
    give("wrong", path="/admin/login/")
    give("wrong")
    client = Client(headers={"X-Forwarded-For": HERE})
    client.force_login(amara)
    amara.is_staff = True
    amara.save()
    form = {"old_password": "wrong", "new_password1": "a-made-up-one-9", "new_password2": "a-made-up-one-9"}
    assert client.post("/admin/password_change/", form).status_code == 200

    refused = client.post("/admin/password_change/", {**form, "old_password": PASSWORD})

    assert refused.status_code == 429
    assert User.objects.get(pk=amara.pk).password == amara.password
    assert statuses(give(PASSWORD), give(PASSWORD, path="/admin/login/")) == [429, 429]


def test_commands_are_not_counted(amara: User) -> None:
    assert [authenticate(username="amara.okafor", password="wrong") for _ in range(9)] == [None] * 9
    assert authenticate(username="amara.okafor", password=PASSWORD) == amara


def test_failures_and_refusals_are_logged_without_what_was_typed(amara: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "roster.sign_in"):
        give("hunter2")
        give("wrong", "hunter2")
        give("hunter2", path="/admin/login/")
        give(PASSWORD)

    lines = [record.__dict__["fields"] for record in caplog.records if record.name == "roster.sign_in"]
    assert [(line["path"], line["account"], line["address"], line["reason"]) for line in lines] == [
        ("/lti/sign-in", "amara.okafor", HERE, "password"),
        ("/lti/sign-in", "***", HERE, "password"),
        ("/admin/login/", "amara.okafor", HERE, "password"),
        ("/lti/sign-in", "amara.okafor", HERE, "address"),
    ]
    assert all(line["request_id"] for line in lines)
    assert "hunter2" not in caplog.text
