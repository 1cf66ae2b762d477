"""A key in a header identifies the caller; anything that looks like a credential and is not valid is 401."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from roster.models import ApiKey
from tests.client import Answer, ask
from tests.sample_data import SampleData, key

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

HOUR = dt.timedelta(hours=1)


def assert_is_refused(answer: Answer, because: str) -> None:
    assert answer.status == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert because in answer.body["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Engage-Api-Key": "KEY"},
        {"Authorization": "Bearer KEY"},
        {"Authorization": "bearer KEY"},
        {"Authorization": "BEARER  KEY "},
        {"X-Engage-Api-Key": " KEY "},
    ],
    ids=str,
)
def test_a_key_is_read_from(headers: dict[str, str]) -> None:
    text = key("staff")

    assert (
        ask(None, "/api/test", headers={name: value.replace("KEY", text) for name, value in headers.items()}).status
        == 200
    )


@pytest.mark.parametrize("public", [False, True], ids=["closed", "open to the public"])
@pytest.mark.parametrize(
    "headers, because",
    [
        ({"X-Engage-Api-Key": ""}, "not known"),
        ({"X-Engage-Api-Key": "  "}, "not known"),
        ({"X-Engage-Api-Key": "staff"}, "not known"),
        ({"X-Engage-Api-Key": "cr_abcdefghijkl_"}, "not known"),
        ({"X-Engage-Api-Key": "PREFIX"}, "not known"),
        ({"X-Engage-Api-Key": "cr_PREFIX_"}, "not known"),
        ({"X-Engage-Api-Key": "cr_PREFIX_wrong"}, "not known"),
        ({"X-Engage-Api-Key": "KEYx"}, "not known"),
        ({"X-Engage-Api-Key": "KEY, KEY"}, "not known"),
        ({"X-Engage-Api-Key": "CR_PREFIX_SECRET"}, "not known"),
        ({"X-Engage-Api-Key": "schlüssel"}, "not known"),
        ({"Authorization": ""}, "not supported"),
        ({"Authorization": "Bearer"}, "not known"),
        ({"Authorization": "Bearer "}, "not known"),
        ({"Authorization": "KEY"}, "not supported"),
        ({"Authorization": "Basic c3RhZmY6c3RhZmY="}, "not supported"),
        ({"Authorization": "BearerKEY"}, "not supported"),
        ({"Authorization": "Bearer KEY", "X-Engage-Api-Key": "KEY"}, "more than one credential"),
        ({"Authorization": "Bearer KEY", "X-Engage-Api-Key": ""}, "more than one credential"),
    ],
    ids=str,
)
def test_it_refuses(settings: Any, public: bool, headers: dict[str, str], because: str) -> None:
    settings.PUBLIC_API = public
    made, text = ApiKey.create_bearer("Portal", audience="staff")
    sent = {
        name: value.replace("PREFIX", made.prefix).replace("SECRET", text.rpartition("_")[2]).replace("KEY", text)
        for name, value in headers.items()
    }

    assert_is_refused(ask(None, "/api/organizations", headers=sent), because)


@pytest.mark.parametrize(
    "path", ["/api/memberships", "/api/organizations", "/api/positions", "/api/users", "/api/test"]
)
def test_nothing_is_disclosed_without_a_credential(path: str) -> None:
    answer = ask(None, path)

    assert_is_refused(answer, "credentials were not provided")
    assert "items" not in answer.body


def test_nobody_is_the_public_where_the_campus_opens_it(settings: Any, sample: SampleData) -> None:
    settings.PUBLIC_API = True

    assert ask(None, "/api/organizations").body == ask(sample.public_key, "/api/organizations").body


def test_an_anonymous_caller_does_not_learn_that_a_key_works(settings: Any) -> None:
    settings.PUBLIC_API = True

    assert_is_refused(ask(None, "/api/test"), "credentials were not provided")


@pytest.mark.parametrize("audience", ["public", "campus", "staff"])
def test_a_key_has_the_audience_it_was_made_for(sample: SampleData, audience: str) -> None:
    seen = {"public": 403, "campus": 200, "staff": 200}

    assert ask(getattr(sample, f"{audience}_key"), "/api/users").status == seen[audience]
    assert ask(getattr(sample, f"{audience}_key"), "/api/memberships", IncludeDeletes="true").status == (
        200 if audience == "staff" else 403
    )


def test_a_key_wins_over_a_signed_in_person(sample: SampleData) -> None:
    answer = ask(sample.jolene, "/api/users", headers={"X-Engage-Api-Key": sample.public_key})

    assert answer.status == 403


def test_a_signed_in_person_is_the_campus(sample: SampleData) -> None:
    assert ask(sample.amara, "/api/memberships").ids == ask(sample.campus_key, "/api/memberships").ids


def test_a_signed_in_person_with_the_permission_is_staff(sample: SampleData) -> None:
    assert ask(sample.jolene, "/api/memberships").ids == ask(sample.staff_key, "/api/memberships").ids


def test_a_person_who_may_not_sign_in_any_more_is_nobody(sample: SampleData) -> None:
    sample.amara.status = "inactive"
    sample.amara.save()

    assert_is_refused(ask(sample.amara, "/api/memberships"), "credentials were not provided")


def test_a_revoked_key_stops_at_once() -> None:
    made, text = ApiKey.create_bearer("Portal")
    assert ask(text, "/api/test").status == 200

    made.revoke(on=timezone.now())

    assert_is_refused(ask(text, "/api/test"), "revoked or has expired")


@pytest.mark.parametrize("public", [False, True], ids=["closed", "open to the public"])
def test_an_expired_key_is_refused(settings: Any, public: bool) -> None:
    settings.PUBLIC_API = public
    text = key("staff", expires_at=timezone.now() - HOUR)

    assert_is_refused(ask(text, "/api/organizations"), "revoked or has expired")


def test_a_key_works_until_it_expires() -> None:
    assert ask(key("staff", expires_at=timezone.now() + HOUR), "/api/test").status == 200


def test_only_a_caller_with_the_secret_learns_that_a_key_has_expired() -> None:
    text = key("staff", expires_at=timezone.now() - HOUR)

    assert_is_refused(ask(text[:-1], "/api/test"), "not known")


@pytest.mark.parametrize("address, status", [("192.0.2.7", 200), ("2001:db8::7", 200), ("198.51.100.7", 401)])
def test_a_key_may_be_used_from_its_networks_only(settings: Any, address: str, status: int) -> None:
    settings.TRUSTED_PROXIES = ["127.0.0.1"]
    text = key("staff", networks=["192.0.2.0/24", "2001:db8::/32"])

    answer = ask(text, "/api/test", headers={"X-Forwarded-For": address})

    assert answer.status == status
    if status == 401:
        assert_is_refused(answer, "may not be used from this address")


def test_a_key_made_under_an_earlier_secret_key_works_while_that_one_is_a_fallback(settings: Any) -> None:
    text = key("staff")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    assert ask(text, "/api/test").status == 200

    settings.SECRET_KEY_FALLBACKS = []

    assert_is_refused(ask(text, "/api/test"), "not known")
