"""`list_api_keys` shows what each key may do, and no secret."""

import datetime as dt
import re

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from organizations.models import Organization
from roster.models import ApiKey, KeyUse
from tests.organizations.commands.run import run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

NOON = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)
"""Noon in New York."""


def cells(line: str) -> list[str]:
    """The cells of a line of the table, which two blanks part."""
    return re.split(r" {2,}", line)


def test_it_shows_every_column_of_a_plain_key() -> None:
    key, _ = ApiKey.create_bearer("Portal", created_at=NOON)

    head, line = run("list_api_keys").output.splitlines()

    assert cells(head) == [
        *("PREFIX", "NAME", "KIND", "AUDIENCE", "LIMITS", "RATE", "CREATED", "EXPIRES", "REVOKED", "LAST USE"),
    ]
    assert cells(line) == [
        *(key.prefix, "Portal", "bearer", "public", "-", "400/min", "2026-11-22 12:00", "never", "-", "never"),
    ]


def test_it_shows_what_a_key_is_limited_to_and_when_it_was_used() -> None:
    chess = Organization.objects.create(name="Chess Club").pk
    run(
        *("create_api_key", "Portal", "--audience", "staff", "--signed", "--reflections", "--rate", 60),
        *("--organization", chess, "--network", "192.0.2.0/24", "--bound-to", "192.0.2.7", "--allow-md5"),
        *("--expires", "2099-06-30"),
    )
    ApiKey.objects.update(created_at=NOON)
    key = ApiKey.objects.get()
    key.revoke(on=NOON)
    KeyUse.objects.create(api_key=key, window_started_at=0, requests=1, last_used_at=NOON)

    _, line = run("list_api_keys").output.splitlines()

    limits = f"reads reflections; organizations {chess}; from 192.0.2.0/24; bound to 192.0.2.7; accepts MD5"
    assert cells(line)[2:] == [
        *("signed", "staff", limits, "60/min", "2026-11-22 12:00", "2099-06-30"),
        *("2026-11-22 12:00", "2026-11-22 12:00"),
    ]


def test_it_tells_a_key_limited_to_nothing_from_one_without_limits() -> None:
    ApiKey.create_bearer("Portal", is_limited=True)

    assert cells(run("list_api_keys").output.splitlines()[1])[4] == "no organization"


def test_it_shows_the_hour_of_a_key_that_ends_within_a_day() -> None:
    ApiKey.create_bearer("Portal", expires_at=NOON)

    assert cells(run("list_api_keys").output.splitlines()[1])[7] == "2026-11-22 12:00"


def test_it_lists_by_name_and_keeps_each_on_its_line() -> None:
    for name in ("Portal", "Badge printer", "Odd\nname"):
        ApiKey.create_bearer(name)

    assert [cells(line)[1] for line in run("list_api_keys").output.splitlines()[1:]] == [
        *("Badge printer", "Odd?name", "Portal"),
    ]


def test_it_never_shows_a_secret() -> None:
    _, bearer = ApiKey.create_bearer("Portal")
    _, private = ApiKey.create_signed("Old portal")

    output = run("list_api_keys").output

    assert bearer.rpartition("_")[2] not in output
    assert private not in output
    for key in ApiKey.objects.all():
        assert (key.secret_hash or key.private_key_encrypted) not in output


def test_it_says_that_there_are_none() -> None:
    printed = run("list_api_keys")

    assert (printed.output, printed.errors) == ("", "There are no API keys. create_api_key creates one.\n")


def test_it_asks_as_much_for_many_keys_as_for_one(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in range(20):
        run("create_api_key", f"Portal {number}", "--audience", "staff")

    with django_assert_num_queries(2):  # keys with their use, their organizations
        call_command("list_api_keys")
