"""A change of SECRET_KEY: what goes on working, what is said to depend on the old one, and what is said without it."""

from typing import Any

import pytest
from django.core import checks
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lti.models import Deployment, Invitation, PlatformKey, Tool
from roster.models import ApiKey
from tests.lti import tools
from tests.lti.launches import asked_by, click, posted
from tests.lti.platform.test_registration import register
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

FRESH = "Vn2kq8Zr1vT5nXw3yB7dF9hJ2mP4sU6aC0eGiLoQtWzVxRbNcMfKjHgD"


def change(settings: Any, *, keeps_old: bool) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = FRESH, [settings.SECRET_KEY] if keeps_old else []


def listed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the command says, with one blank between its words."""
    call_command("list_secret_key_uses")
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def found() -> set[str | None]:
    """The ids of what the checks say of stored secrets."""
    messages = checks.run_checks(tags=["security"], include_deployment_checks=True)
    return {message.id for message in messages} & {"lti.E002", "roster.W005"}


@pytest.fixture
def browser(sample: SampleData) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(sample.amara)
    return client


def opened(browser: Client, sample: SampleData, deployment: Deployment) -> Any:
    return browser.get("/lti/authorize", asked_by(click(browser, sample.chess_club, deployment)))


def test_a_launch_that_cannot_be_signed_says_so(
    browser: Client, sample: SampleData, deployment: Deployment, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    PlatformKey.signing()
    change(settings, keeps_old=False)
    browser.force_login(sample.amara)

    refused = opened(browser, sample, deployment)

    assert refused.status_code == 503
    assert "This site cannot sign its messages to tools at the moment." in refused.content.decode()
    assert "Run manage.py rotate_lti_key." in caplog.text
    call_command("rotate_lti_key")
    assert "id_token" in posted(opened(browser, sample, deployment))[1]


def test_with_a_fallback_everything_goes_on(
    browser: Client, sample: SampleData, poll: Tool, deployment: Deployment, settings: Any
) -> None:
    PlatformKey.signing()
    token = tools.access_token(poll)
    _, invited = Invitation.create("Forum", on=timezone.now())
    change(settings, keeps_old=True)

    assert "id_token" in posted(opened(browser, sample, deployment))[1]
    assert tools.ask(token, tools.path_of(sample.chess_club)).status == 200
    assert register(invited).status_code == 201


def test_the_checks_find_what_is_lost_and_nothing_that_is_not(settings: Any) -> None:
    PlatformKey.signing()
    ApiKey.create_bearer("Portal")
    before = found()
    change(settings, keeps_old=True)
    with_fallback = found()
    settings.SECRET_KEY_FALLBACKS = []

    assert (before, with_fallback, found()) == (set(), set(), {"lti.E002", "roster.W005"})


def test_readyz_warns_of_a_lost_lti_key_and_stays_ready(settings: Any) -> None:
    assert ready() == (200, {"status": "ready"})  # no key has been made yet
    PlatformKey.signing()
    kept = ready()
    change(settings, keeps_old=True)
    with_fallback = ready()
    settings.SECRET_KEY_FALLBACKS = []

    assert kept == with_fallback == (200, {"status": "ready"})
    warning = "The LTI key was encrypted under a SECRET_KEY that is not in use any more: no tool can be launched."
    assert ready() == (200, {"status": "ready", "warnings": [warning]})
    call_command("rotate_lti_key")
    assert ready() == (200, {"status": "ready"})


def ready() -> tuple[int, Any]:
    """What a process that has just begun answers."""
    answer = Client().get("/readyz")
    return answer.status_code, answer.json()


def test_nothing_is_listed_before_a_change(
    sample: SampleData, browser: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    PlatformKey.signing()

    assert listed(capsys) == ["Nothing depends on another SECRET_KEY than the current one."]


@pytest.mark.parametrize(
    "keeps_old, needs", [(True, "fallback 1"), (False, "a key that is not in use: it does not work")]
)
def test_what_depends_on_the_old_key_is_listed(
    settings: Any, browser: Client, capsys: pytest.CaptureFixture[str], keeps_old: bool, needs: str
) -> None:
    ApiKey.objects.all().delete()
    PlatformKey.signing()
    bearer, _ = ApiKey.create_bearer("Portal")
    signed, _ = ApiKey.create_signed("Badge printer")
    older, _ = ApiKey.create_bearer("Website")
    ApiKey.objects.filter(pk=older.pk).update(secret_key_id="")
    revoked, _ = ApiKey.create_bearer("Former portal")
    revoked.revoke(on=revoked.created_at)
    change(settings, keeps_old=keeps_old)
    ApiKey.create_bearer("New portal")

    head, *lines = listed(capsys)

    assert head == "WHAT NAME MADE NEEDS"
    assert [(line.split(" 20")[0], line.endswith(needs)) for line in lines[:3]] == [
        (f"signed-query key Badge printer ({signed.prefix})", True),
        (f"bearer key Portal ({bearer.prefix})", True),
        (f"bearer key Website ({older.prefix})", False),
    ]
    assert lines[2].endswith("not noted: the one in use when it was made")
    assert lines[3].startswith(f"LTI key {PlatformKey.signing().kid} ")
    assert lines[3].endswith(needs)
    assert lines[4:] == [f"sessions 1 - {needs}"]
