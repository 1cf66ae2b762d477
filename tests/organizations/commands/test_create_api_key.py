"""`create_api_key` prints a secret, alone and once, and makes the key that its options ask for."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from organizations.models import Organization
from roster.models import ApiKey
from tests.client import ask
from tests.organizations.commands.run import run

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

A_LATER_DAY = "2099-06-30"


def made() -> ApiKey:
    return ApiKey.objects.get()


def test_it_prints_the_key_alone_on_standard_output() -> None:
    printed = run("create_api_key", "Portal", "--audience", "staff")

    (line,) = printed.output.splitlines()
    assert ask(line, "/api/test").status == 200
    assert line.startswith(f"cr_{made().prefix}_")


def test_it_tells_on_standard_error_what_the_key_may_do() -> None:
    printed = run("create_api_key", "Portal", "--audience", "campus", "--rate", "60", "--expires", A_LATER_DAY)

    assert printed.errors == (
        "Created the key of Portal: audience campus; 60 requests a minute; valid until 2099-06-30, that day included. "
        "It is printed only this once.\n"
    )
    assert printed.output.strip() not in printed.errors


def test_a_key_has_the_default_limits_unless_others_are_given() -> None:
    run("create_api_key", "Portal", "--audience", "public")

    key = made()
    assert (key.name, key.kind, key.audience, key.rate) == ("Portal", "bearer", "public", 400)
    assert (key.may_read_reflections, key.is_limited, key.networks) == (False, False, [])
    assert (key.expires_at, key.bound_to, key.allow_md5) == (None, None, False)


def test_a_signed_key_is_printed_as_two_lines() -> None:
    printed = run("create_api_key", "Portal", "--audience", "staff", "--signed")

    public, private = printed.output.splitlines()
    assert (made().prefix, made().kind) == (public, "signed")
    assert len(private) == 43
    assert private not in printed.errors


def test_neither_secret_is_stored_in_the_clear() -> None:
    bearer = run("create_api_key", "Portal", "--audience", "staff").output.strip()
    private = run("create_api_key", "Portal", "--audience", "staff", "--signed").output.split()[1]

    stored = str(list(ApiKey.objects.values()))
    assert bearer.rpartition("_")[2] not in stored
    assert private not in stored


def test_it_may_read_reflections() -> None:
    run("create_api_key", "Portal", "--audience", "staff", "--reflections")

    assert made().may_read_reflections


def test_it_is_limited_to_the_organizations_named() -> None:
    chess, teatro, _ = (Organization.objects.create(name=name).pk for name in ("Chess Club", "Teatro", "Typists"))
    secret = run(
        *("create_api_key", "Portal", "--audience", "staff", "--organization", chess, chess),
        *("--organization", teatro),
    ).output.strip()

    assert ask(secret, "/api/organizations").ids == [chess, teatro]


def test_it_works_through_its_last_day_on_campus(settings: Any) -> None:
    settings.TIME_ZONE = "America/Los_Angeles"
    run("create_api_key", "Portal", "--audience", "staff", "--expires", A_LATER_DAY)

    end = dt.datetime(2099, 7, 1, 7, 0, tzinfo=dt.UTC)  # midnight of 1 July in California
    assert made().is_in_force(on=end - dt.timedelta(milliseconds=1))
    assert not made().is_in_force(on=end)


def test_it_is_bound_to_an_address_and_takes_md5() -> None:
    run("create_api_key", "Portal", "--audience", "staff", "--signed", "--bound-to", "192.0.2.7", "--allow-md5")

    assert (made().bound_to, made().allow_md5) == ("192.0.2.7", True)


def test_it_comes_from_the_networks_named() -> None:
    run("create_api_key", "Portal", "--audience", "staff", "--network", "192.0.2.0/24", "2001:db8::/32")

    assert made().networks == ["192.0.2.0/24", "2001:db8::/32"]


@pytest.mark.parametrize(
    "options, sentence",
    [
        (["--audience", "everybody"], "argument --audience: invalid choice: 'everybody'"),
        ([], "the following arguments are required: --audience"),
        (["--audience", "campus", "--reflections"], "Only a staff key may read reflections"),
        (["--audience", "staff", "--bound-to", "192.0.2.7"], "--bound-to is for keys that sign queries: add --signed"),
        (["--audience", "staff", "--allow-md5"], "--allow-md5 is for keys that sign queries: add --signed"),
        (["--audience", "staff", "--signed", "--bound-to", "here"], "--bound-to must be one address"),
        (["--audience", "staff", "--signed", "--bound-to", "192.0.2.0/24"], "--bound-to must be one address"),
        (
            ["--audience", "staff", "--signed", "--bound-to", "192.0.2.7", "--network", "198.51.100.0/24"],
            "A key bound to 192.0.2.7 cannot be used from 198.51.100.0/24",
        ),
        (["--audience", "staff", "--network", "192.0.2.1/24"], "--network must be a network"),
        (["--audience", "staff", "--organization", "chess"], "There is no organization chess"),
        (["--audience", "staff", "--organization", "2147483647"], "There is no organization 2147483647"),
        (["--audience", "staff", "--organization", "9999999999"], "There is no organization 9999999999"),
        (["--audience", "staff", "--rate", "0"], "--rate must be a whole number"),
        (["--audience", "staff", "--rate", "1.5"], "--rate must be a whole number"),
        (["--audience", "staff", "--rate", "99999999999"], "--rate must be a whole number"),
        (["--audience", "staff", "--expires", "2020-01-31"], "--expires 2020-01-31 is in the past"),
        (["--audience", "staff", "--expires", "2099-02-30"], "--expires must be a day"),
        (["--audience", "staff", "--expires", "tomorrow"], "--expires must be a day"),
        (["--audience", "staff", "--expires", ""], "--expires must be a day"),
        (
            ["--audience", "staff", "--expires", "9999-12-31"],
            "--expires 9999-12-31 is too late: the day must be before 9",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_it_refuses(options: list[str], sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        run("create_api_key", "Portal", *options)

    assert sentence in str(refused.value)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("", "A key needs a name"),
        ("  ", "A key needs a name"),
        ("Portal\nof the campus", "no control characters"),
        ("P" * 201, "at most 200 characters"),
    ],
    ids=["nothing", "blanks", "two lines", "201 letters"],
)
def test_it_refuses_a_name_of(name: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run("create_api_key", name, "--audience", "staff")

    assert not ApiKey.objects.exists()


def test_it_makes_nothing_when_one_organization_of_several_is_missing() -> None:
    chess = Organization.objects.create(name="Chess Club").pk

    with pytest.raises(CommandError, match=f"There is no organization {chess + 1}, x"):
        run("create_api_key", "Portal", "--audience", "staff", "--organization", chess, chess + 1, "x")

    assert not ApiKey.objects.exists()


def test_it_makes_nothing_when_the_secret_cannot_be_printed() -> None:
    class FullDisk(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    with pytest.raises(CommandError, match="No key was created, because its secret could not be printed"):
        call_command("create_api_key", "Portal", "--audience", "staff", stdout=FullDisk(), stderr=io.StringIO())

    assert not ApiKey.objects.exists()
