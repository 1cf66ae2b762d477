"""The first and last values of every date column go through every output, and back as a filter and in an import."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import models
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from lti.models import Deployment
from memberships.importing.csv.tables import CSV_TABLES
from memberships.models import Membership
from organizations.models import LimitedKey
from roster import days
from roster.models import ApiKey, User
from roster.ranges import INSTANTS_SENTENCE, DayColumn
from tests.client import ask
from tests.lti.tools import access_token, deploy, make_tool
from tests.pages import opened, signed_in
from tests.repository.test_ranges import DATES
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

BOUNDS = {
    "first": (days.FIRST_DAY, days.EARLIEST, "Etc/GMT+12"),
    "last": (days.LAST_DAY, days.LATEST, "Pacific/Kiritimati"),
}
"""The values, and the zone in which they are nearest to what cannot be printed."""
LISTS = ["memberships", "organizations", "positions", "users"]


@pytest.fixture
def choose_zone(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Sets both zones."""

    def choose(zone: str) -> None:
        settings.WIRE_TIME_ZONE = settings.TIME_ZONE = zone
        default_zone.cache_clear()

    default_zone: Any = timezone.get_default_timezone  # which remembers the zone
    yield choose
    default_zone.cache_clear()


@pytest.fixture(params=BOUNDS)
def boss(request: pytest.FixtureRequest, sample: SampleData, choose_zone: Callable[[str], None]) -> User:
    """Somebody who sees everything, where every date column of every row holds the first or the last value."""
    day, instant, zone = BOUNDS[request.param]
    choose_zone(zone)
    tool = make_tool()
    deploy(tool, sample.chess_club)
    access_token(tool)
    boss: User = User.objects.create_superuser("boss")
    for model in {field.model for field in DATES}:
        values = {
            field.name: day if isinstance(field, DayColumn) else instant
            for field in DATES
            if field.model is model and field.name != "revoked_at"
        }
        models.QuerySet(model).update(**values)
    return boss


def printed(boss: User, name: str) -> list[dict[str, Any]]:
    answer = ask(boss, f"/api/{name}", IncludeDeletes="true") if name == "memberships" else ask(boss, f"/api/{name}")
    assert answer.status == 200
    assert answer.body["items"]
    items: list[dict[str, Any]] = answer.body["items"]
    return items


def test_what_the_api_prints_is_accepted_as_a_filter(boss: User) -> None:
    for name, start, end, key in [
        ("memberships", "startDate", "endDate", "positionRecordedStartDate"),
        ("memberships", "startDate", "endDate", "positionRecordedEndDate"),
        ("memberships", "ModifiedOnStart", "ModifiedOnEnd", "modifiedOn"),
        ("organizations", "ModifiedOnStart", "ModifiedOnEnd", "modifiedOn"),
        ("users", "CreatedOnStart", "CreatedOnEnd", "createdOn"),
    ]:
        items = printed(boss, name)
        deleted = {"IncludeDeletes": "true"} if name == "memberships" else {}
        (value,) = {item[key] for item in items}
        ids = sorted(next(iter(item.values())) for item in items)

        assert sorted(ask(boss, f"/api/{name}", **deleted, **{start: value}).ids) == ids
        assert ask(boss, f"/api/{name}", **deleted, **{start: value + 1}).ids == []
        assert ask(boss, f"/api/{name}", **deleted, **{end: value}).status == 200
        at_or_before = value if end == "endDate" else value + 1
        assert sorted(ask(boss, f"/api/{name}", **deleted, **{end: at_or_before}).ids) == ids


def test_what_the_api_prints_is_accepted_by_an_import(boss: User, tmp_path: Path) -> None:
    for name in LISTS:
        (tmp_path / f"{name}.json").write_bytes(orjson.dumps({"items": printed(boss, name)}))
    before = list(Membership.objects.order_by("pk").values())

    call_command("import_engage", *(str(tmp_path / f"{name}.json") for name in LISTS), stdout=io.StringIO())

    assert list(Membership.objects.order_by("pk").values()) == before


def test_what_is_exported_is_loaded(boss: User, tmp_path: Path) -> None:
    before = list(Membership.objects.order_by("pk").values())
    call_command("export_roster", tmp_path / "roster", stdout=io.StringIO())
    of_accounts = [Session, User.groups.through, User.user_permissions.through]
    emptied: list[Any] = [
        *of_accounts,
        LimitedKey,
        Deployment.organizations.through,
        *(s.model for s in reversed(CSV_TABLES)),
    ]
    for model in emptied:
        models.QuerySet(model)._raw_delete("default")

    call_command("load_roster", tmp_path / "roster", verbosity=0, stdout=io.StringIO())

    assert list(Membership.objects.order_by("pk").values()) == before


def test_every_page_of_the_admin_opens(boss: User) -> None:
    client = signed_in(boss)
    opened = set()
    for model in admin.site._registry:
        options = model._meta
        row = model._base_manager.first()
        pages = [reverse(f"admin:{options.app_label}_{options.model_name}_changelist")]
        if row is not None:
            pages.append(reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[row.pk]))
            opened.add(model)
        for page in pages:
            assert client.get(page).status_code == 200, page
    assert {Membership, User, ApiKey} <= opened


def test_the_key_commands_know_such_keys(boss: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("list_api_keys")

    assert str(ApiKey.objects.earliest("pk").prefix) in capsys.readouterr().out


def test_a_key_until_the_last_instant_is_accepted(boss: User, sample: SampleData) -> None:
    ApiKey.objects.update(expires_at=days.LATEST)

    assert ask(sample.staff_key, "/api/memberships").status == 200


@pytest.mark.parametrize("zone", [zone for _, _, zone in BOUNDS.values()])
def test_a_key_is_made_for_no_longer_than_is_kept(
    db: None, choose_zone: Callable[[str], None], capsys: pytest.CaptureFixture[str], zone: str
) -> None:
    choose_zone(zone)
    with pytest.raises(CommandError, match="is too late"):
        call_command("create_api_key", "Portal", audience="campus", expires="9999-12-30")

    call_command("create_api_key", "Portal", audience="campus", expires="9999-12-29")
    call_command("list_api_keys")

    assert "9999-12-29" in capsys.readouterr().out


def test_the_last_day_of_new_york_is_printed_and_asked_for(sample: SampleData) -> None:
    Membership.objects.filter(pk=sample.marisol_senator.pk).update(recorded_end=days.LAST_DAY)
    midnight = 253_402_232_400_000

    (item,) = ask(sample.staff_key, "/api/memberships", membershipId=sample.marisol_senator.pk).body["items"]

    assert item["positionRecordedEndDate"] == midnight
    assert sample.marisol_senator.pk in ask(sample.staff_key, "/api/memberships", endDate=midnight, pageSize=500).ids
    assert sample.marisol_senator.pk not in ask(sample.staff_key, "/api/memberships", endDate=midnight - 1).ids
    assert ask(sample.staff_key, "/api/memberships", startDate=midnight).ids == []


def test_the_form_of_a_key_says_what_is_accepted(sample: SampleData) -> None:
    client = signed_in(User.objects.create_superuser("boss"))

    refused = opened(client, ApiKey.objects.earliest("pk")).send(expires_at_0="9999-12-31", expires_at_1="23:59:59")

    assert refused.errors == [INSTANTS_SENTENCE]
