"""`manage.py start_demo`: a campus, a way into the admin, and keys that work, printed once more at every start."""

import datetime as dt
import re
import shlex
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from memberships.models import Membership
from organizations.models import Organization, PositionTemplate
from roster.models import ApiKey, User
from roster.privacy import CAMPUS, PUBLIC, STAFF
from tests.client import ask

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

PASSWORD = "a-password-of-the-demo"


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    settings.DEMO = True
    settings.DEMO_PASSWORD = PASSWORD
    settings.SITE_URL = "http://127.0.0.1:8421"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> str:
    """What a first start prints."""
    return start(capsys)


def start(capsys: pytest.CaptureFixture[str]) -> str:
    call_command("start_demo")
    return capsys.readouterr().out


def keys(output: str) -> dict[str, str]:
    return dict(re.findall(r"^ +(public|campus|staff) +(cr_\w+)", output, re.M))


def test_it_loads_the_demo_campus_on_the_first_start(output: str) -> None:
    assert "Loaded the demo campus." in output
    assert User.objects.filter(username="amara.okafor").exists()
    assert Organization.objects.filter(name="*LEAD*").exists()


def test_it_says_plainly_that_it_is_a_demo(output: str) -> None:
    assert "This is a DEMO of Campus Roster: invented people" in output


def test_it_prints_where_to_look(output: str) -> None:
    addresses = re.findall(r"^ +(?:API|Its docs|Admin) +(\S+)", output, re.M)

    assert addresses == [f"http://127.0.0.1:8421{path}" for path in ("/api/", "/api/docs/", "/admin/")]
    assert [Client().get(urlsplit(address).path).status_code for address in addresses] == [200, 200, 302]


def test_it_prints_a_way_into_the_admin(output: str) -> None:
    username, password = re.search(r"username (\S+), password (\S+)", output).groups()  # type: ignore[union-attr]
    client = Client()

    assert password == PASSWORD
    assert client.login(username=username, password=password)
    assert client.get("/admin/").status_code == 200


def test_it_prints_a_key_for_each_audience(output: str) -> None:
    totals = {audience: ask(key, "/api/memberships").body["totalItems"] for audience, key in keys(output).items()}

    assert totals == {
        audience.level: Membership.objects.visible_to(audience).not_deleted().count()
        for audience in (PUBLIC, CAMPUS, STAFF)
    }


def test_the_staff_key_reads_reflections(output: str) -> None:
    reflected = Membership.objects.exclude(reflection=None).order_by("pk")[0]

    body = ask(keys(output)["staff"], f"/api/memberships/{reflected.pk}", includeReflections="true").body

    assert body["reflection"] == reflected.reflection.text


def test_the_line_to_paste_shows_memberships(output: str) -> None:
    line = next(line for line in output.splitlines() if line.strip().startswith("curl"))
    _, _, header, url = shlex.split(line)
    name, _, value = header.partition(": ")
    parts = urlsplit(url)

    answer = ask(None, f"{parts.path}?{parts.query}", headers={name: value})

    assert f"{parts.scheme}://{parts.netloc}" == "http://127.0.0.1:8421"
    assert answer.status == 200
    assert len(answer.ids) == 3


def test_a_second_start_keeps_the_data(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    Membership.objects.order_by("pk")[0].delete()
    Organization.objects.create(name="New Club")
    before = {model: list(model.objects.order_by("pk").values()) for model in (User, Organization, Membership)}

    again = start(capsys)

    assert {model: list(model.objects.order_by("pk").values()) for model in before} == before
    assert "Loaded" not in again
    assert PASSWORD in again


def test_every_start_makes_other_keys_and_the_earlier_ones_still_work(
    output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    again = start(capsys)

    for text in (output, again):
        assert ask(keys(text)["campus"], "/api/test").status == 200
    assert not set(keys(output).values()) & set(keys(again).values())


def test_demo_keys_work_for_seven_days_and_are_then_removed(output: str, capsys: pytest.CaptureFixture[str]) -> None:
    left = {key.expires_at - timezone.now() for key in ApiKey.objects.all() if key.expires_at}
    portal = ApiKey.create_bearer("Portal", audience="campus", expires_at=timezone.now() - dt.timedelta(days=1))[0]
    ApiKey.objects.exclude(pk=portal.pk).update(expires_at=timezone.now())

    again = start(capsys)

    assert all(dt.timedelta(days=6, hours=23) < remaining <= dt.timedelta(days=7) for remaining in left)
    assert ApiKey.objects.count() == 4
    assert ApiKey.objects.filter(pk=portal.pk).exists()
    assert ask(keys(output)["campus"], "/api/test").status == 401
    assert ask(keys(again)["campus"], "/api/test").status == 200


@pytest.mark.parametrize("change", [{"status": "inactive"}, {"password": "!"}], ids=["retired", "another password"])
def test_the_printed_way_in_works_again_whatever_happened_to_it(
    output: str, capsys: pytest.CaptureFixture[str], change: dict[str, Any]
) -> None:
    User.objects.filter(username="demo").update(**change)

    start(capsys)

    assert Client().login(username="demo", password=PASSWORD)


def test_it_leaves_a_campus_of_ones_own_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_campus", users=20, organizations=5, memberships=60, verbosity=0)

    output = start(capsys)

    assert Organization.objects.count() == 5
    assert ask(keys(output)["staff"], "/api/memberships").status == 200


def test_it_runs_in_a_demo_only(settings: Any) -> None:
    settings.DEMO = False

    with pytest.raises(CommandError, match="This is not a demo: DEMO is not true"):
        call_command("start_demo")

    assert not Organization.objects.exists()
    assert not ApiKey.objects.exists()


def test_it_needs_a_password(settings: Any) -> None:
    settings.DEMO_PASSWORD = ""

    with pytest.raises(CommandError, match="DEMO_PASSWORD is not set"):
        call_command("start_demo")

    assert not User.objects.exists()


def test_it_overwrites_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    template = PositionTemplate.objects.create(pk=1, name="Grand Marshal")

    with pytest.raises(CommandError, match="other rows that the demo campus would overwrite"):
        call_command("start_demo")

    template.refresh_from_db()
    assert template.name == "Grand Marshal"
    assert not User.objects.exists()


def test_it_takes_over_nobody_of_its_administrators_name() -> None:
    User.objects.create_user("Demo")

    with pytest.raises(CommandError, match="belongs to somebody who is not an administrator"):
        call_command("start_demo")

    assert not Organization.objects.exists()
