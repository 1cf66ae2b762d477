"""A key has a number of requests a minute, counted exactly; every response has the number that is left."""

import datetime as dt

import pytest
from django.db import connection

from roster.models import ApiKey, KeyUse
from roster.reads.snapshot import current_snapshot
from tests.client import Answer, ask
from tests.roster.api.conftest import Clock
from tests.roster.api.signing import NOW

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def limit_headers(answer: Answer) -> tuple[str | None, ...]:
    """The rate limit headers of a response: limit, what is left, seconds until the minute is over."""
    return tuple(answer.headers.get(f"X-RateLimit-{word}") for word in ("Limit", "Remaining", "Reset"))


def test_every_answer_says_what_is_left(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=3)

    assert limit_headers(ask(text, "/api/test")) == ("3", "2", "60")
    clock.forward(seconds=19.5)
    assert limit_headers(ask(text, "/api/test")) == ("3", "1", "41")


@pytest.mark.parametrize(
    "path, status", [("/api/users", 403), ("/api/organizations/999", 404), ("/api/organizations?page=0", 400)]
)
def test_a_refusal_says_it_too_and_counts(clock: Clock, path: str, status: int) -> None:
    _, text = ApiKey.create_bearer("Portal", audience="public", rate=3)

    answer = ask(text, path)

    assert (answer.status, limit_headers(answer)) == (status, ("3", "2", "60"))


def test_one_request_too_many_is_refused_until_the_minute_is_over(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=2)
    assert [ask(text, "/api/test").status for _ in range(2)] == [200, 200]
    clock.forward(seconds=20)

    refused = ask(text, "/api/test")

    assert refused.status == 429
    assert limit_headers(refused) == ("2", "0", "40")
    assert refused.headers["Retry-After"] == "40"
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.body["detail"] == "This key may make 2 requests per minute. Try again after the current minute."
    clock.forward(seconds=39.999)
    assert ask(text, "/api/test").headers["Retry-After"] == "1"
    clock.forward(milliseconds=1)
    assert ask(text, "/api/test").status == 200


def test_a_minute_begins_with_the_first_request_after_the_last_one_ended(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=3)
    ask(text, "/api/test")
    clock.forward(seconds=90)

    assert limit_headers(ask(text, "/api/test")) == ("3", "2", "60")
    clock.forward(seconds=50)
    assert limit_headers(ask(text, "/api/test")) == ("3", "1", "10")


def test_each_key_has_a_minute_of_its_own(clock: Clock) -> None:
    _, one = ApiKey.create_bearer("Portal", rate=1)
    _, other = ApiKey.create_bearer("Portal", rate=1)

    assert [ask(text, "/api/test").status for text in (one, other, one)] == [200, 200, 429]


def test_400_a_minute_unless_the_key_says_otherwise(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal")

    assert limit_headers(ask(text, "/api/test"))[:2] == ("400", "399")


def test_a_clock_that_is_set_back_does_not_lock_a_key(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal", rate=1)
    clock.forward(days=400)
    ask(text, "/api/test")
    clock.now = NOW

    assert [ask(text, "/api/test").status for _ in range(2)] == [200, 429]


def test_a_request_notes_when_the_key_was_last_used(clock: Clock) -> None:
    key, text = ApiKey.create_bearer("Portal", rate=1)
    ask(text, "/api/test")
    clock.forward(seconds=5)
    ask(text, "/api/test")

    assert ApiKey.objects.with_last_use().get(pk=key.pk).last_used_at == clock.now


def test_the_last_use_outlives_a_crash_of_the_database_to_within_a_minute(clock: Clock) -> None:
    key, text = ApiKey.create_bearer("Portal")
    begun = clock.now + dt.timedelta(seconds=90)
    for seconds in (0, 90, 59):
        clock.forward(seconds=seconds)
        ask(text, "/api/test")
    before = ApiKey.objects.with_last_use().get(pk=key.pk)
    KeyUse.objects.all().delete()  # as a crash leaves an unlogged table

    after = ApiKey.objects.with_last_use().get(pk=key.pk)

    assert before.last_used_at == clock.now
    assert after.last_used_at == (begun if connection.vendor == "postgresql" else clock.now)
    assert after.modified_at == key.modified_at


def test_a_use_is_no_change_of_the_roster(clock: Clock) -> None:
    _, text = ApiKey.create_bearer("Portal")
    before = current_snapshot().last_change
    ask(text, "/api/test")
    clock.forward(minutes=2)
    ask(text, "/api/test")

    assert current_snapshot().last_change == before


def test_a_key_that_is_refused_is_not_counted(clock: Clock) -> None:
    key, text = ApiKey.create_bearer("Portal", expires_at=NOW)

    refused = ask(text, "/api/test")

    assert (refused.status, limit_headers(refused)) == (401, (None, None, None))
    assert ApiKey.objects.with_last_use().get(pk=key.pk).last_used_at is None
