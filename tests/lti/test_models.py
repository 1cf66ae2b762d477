"""Rules of the data: each is a constraint of the database, or refused by its form."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from lti.models import Context, Deployment, Disclosed, PlatformKey, Tool, UsedNonce
from roster.names import search_key
from tests.lti.tools import make_tool
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def broken(make: Any) -> str:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make()
    return str(error.value)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"name": ""}, "A tool needs a name."),
        ({"status": "asleep"}, "The status of a tool is Pending, Active or Disabled."),
        ({"audience": "staff"}, "The audience of a tool is public or campus."),
        ({"disclosure": "some"}, "The disclosure of a tool is none, name, email or all."),
        ({"audience": "public", "may_read_sourcedid": True}, "Only a tool of the campus audience may read the SIS id."),
    ],
)
def test_a_tool_that_breaks_a_rule(changes: dict[str, Any], message: str) -> None:
    broken(lambda: make_tool(**changes))

    with pytest.raises(ValidationError) as error:
        Tool(**{"name": "Poll", **changes}).validate_constraints()
    assert error.value.messages == [message]


def test_a_deployment_without_an_id() -> None:
    broken(lambda: Deployment.objects.create(tool=make_tool(), deployment_id=""))


def test_two_platform_keys_that_sign() -> None:
    PlatformKey.signing()

    broken(lambda: PlatformKey.objects.create(kid="x", public_jwk={}))
    broken(lambda: PlatformKey.objects.create(kid="y", public_jwk={}, signs=False))


def test_a_person_is_disclosed_to_a_tool_once_in_a_context(sample: SampleData) -> None:
    named = {"tool": make_tool(), "context": Context.objects.of(sample.chess_club), "user": sample.amara}
    Disclosed.objects.create(**named)

    broken(lambda: Disclosed.objects.create(**named))


@pytest.mark.parametrize(
    "url",
    [
        "http://poll.example.org/",
        "ftp://poll.example.org/",
        "https://",
        "https:///launch",
        "//poll.example.org",
        "poll.example.org",
        "https://poll.example.org/#fragment",
        "https://user:password@poll.example.org/",
        "https://poll.example.org:port/",
        "https://poll.example.org/a b",
        "https://poll.example.org/\n",
        'https://poll.example.org/"x',
        "https://[poll",
        "javascript:alert(1)",
    ],
)
def test_a_url_that_a_tool_may_not_have(url: str) -> None:
    tool = make_tool()
    tool.redirect_urls = [url]

    with pytest.raises(ValidationError) as error:
        tool.full_clean()
    assert list(error.value.message_dict) == ["redirect_urls"]


@pytest.mark.parametrize("url", ["https://poll.example.org/a?b=c", "http://127.0.0.1:9000/x", "http://localhost/x"])
def test_a_url_that_a_tool_may_have(url: str) -> None:
    tool = make_tool()
    tool.redirect_urls = [url]

    tool.full_clean()


def test_a_value_is_claimed_once() -> None:
    now = timezone.now()
    until = now + dt.timedelta(minutes=1)

    assert [UsedNonce.use("a", value, until=until, on=now) for value in ("x", "x", "y")] == [True, False, True]
    assert UsedNonce.use("b", "x", until=until, on=now)


def test_a_value_is_deleted_when_it_has_expired() -> None:
    now = timezone.now()
    UsedNonce.use("a", "x", until=now, on=now)
    later = now + dt.timedelta(seconds=1)

    assert UsedNonce.use("a", "y", until=later, on=later)
    assert UsedNonce.objects.count() == 1


def test_an_organization_has_one_context(sample: SampleData) -> None:
    assert Context.objects.of(sample.chess_club) == Context.objects.of(sample.chess_club)
    assert search_key(str(Context.objects.get().uuid)) == str(Context.objects.get().uuid)


def test_the_site_url_is_checked(settings: Any) -> None:
    from lti.checks import check_site_url

    good = ["https://roster.example.edu", "https://roster.example.edu:8443", "http://127.0.0.1:8000"]
    bad = ["", "roster.example.edu", "https://", "https://.example.edu", "https://*", "https://Roster.example.edu"]
    bad += ["https://roster.example.edu/", "https://roster.example.edu/lti", "ftp://roster.example.edu"]
    found = {}
    for url in [*good, *bad]:
        settings.SITE_URL = url
        found[url] = [message.id for message in check_site_url()]
    settings.HTTPS, settings.SITE_URL = True, "http://roster.example.edu"

    assert found == {url: [] if url in good else ["lti.E001"] for url in (*good, *bad)}
    assert [message.id for message in check_site_url()] == ["lti.E001"]
