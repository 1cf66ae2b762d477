"""Without a key, an address may make so many requests a minute, where the campus answers the public."""

import datetime as dt
from typing import Any

import pytest

from roster import window_counters
from roster.models import ApiKey
from tests.client import Answer, ask
from tests.roster.api.conftest import Clock
from tests.roster.api.signing import NOW

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db, pytest.mark.usefixtures("behind_a_proxy")]


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_API, settings.ANONYMOUS_RATE = True, 2


def asked_from(address: str, key: str | None = None) -> Answer:
    return ask(key, "/api/organizations", headers={"X-Forwarded-For": address})


def limit_headers(answer: Answer) -> tuple[str | None, ...]:
    return tuple(answer.headers.get(f"X-RateLimit-{word}") for word in ("Limit", "Remaining", "Reset"))


def test_one_request_too_many_is_refused_until_the_minute_is_over(clock: Clock) -> None:
    assert [limit_headers(asked_from("192.0.2.7")) for _ in range(2)] == [("2", "1", "60"), ("2", "0", "60")]
    clock.forward(seconds=20)

    refused = asked_from("192.0.2.7")

    assert (refused.status, limit_headers(refused), refused.headers["Retry-After"]) == (429, ("2", "0", "40"), "40")
    assert (
        refused.body["detail"]
        == "Without a key, an address may make 2 requests per minute. Try again after the current minute."
    )
    clock.forward(seconds=40)
    assert asked_from("192.0.2.7").status == 200


@pytest.mark.parametrize(
    "one, other, together",
    [
        ("192.0.2.7", "192.0.2.8", False),
        ("192.0.2.7", "::ffff:192.0.2.7", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
    ],
)
def test_an_address_counts_for_itself_and_of_ipv6_its_network(
    clock: Clock, one: str, other: str, together: bool
) -> None:
    assert [asked_from(one).status for _ in range(3)] == [200, 200, 429]

    assert asked_from(other).status == (429 if together else 200)


def test_a_key_counts_for_itself(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=9)
    assert [asked_from("192.0.2.7").status for _ in range(3)] == [200, 200, 429]

    assert limit_headers(asked_from("192.0.2.7", text)) == ("9", "8", "60")


def test_nobody_is_counted_where_the_public_is_not_answered(clock: Clock, settings: Any) -> None:
    settings.PUBLIC_API = False

    assert [(asked_from("192.0.2.7").status, limit_headers(asked_from("192.0.2.7"))) for _ in range(3)] == [
        (401, (None, None, None))
    ] * 3


def test_rows_of_addresses_that_are_over_are_removed(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("random.randrange", lambda most: 0)  # at each new window, not at one of some hundred
    window_counters.count(f"{window_counters.API_KEY_SUBJECT}abc", window=60_000, on=NOW)
    for number in range(9):
        asked_from(f"192.0.2.{number}")
    clock.forward(milliseconds=window_counters.MAX_WINDOW)
    asked_from("198.51.100.1")
    clock.forward(milliseconds=1)

    asked_from("198.51.100.2")

    rows = window_counters._run(f"SELECT subject FROM {window_counters.TABLE} ORDER BY subject", {})  # noqa: S608 (our own table)
    assert [subject for (subject,) in rows] == [
        "key abc",
        "request from 198.51.100.1",
        "request from 198.51.100.2",
    ]


def test_a_clock_that_is_set_back_refuses_nobody(clock: Clock) -> None:
    clock.now += dt.timedelta(days=400)
    asked_from("192.0.2.7")
    clock.now = NOW

    assert [asked_from("192.0.2.7").status for _ in range(3)] == [200, 200, 429]
