"""The demo campus of fixtures/campus.json is complete and consistent, and is what docs/demo-campus.md describes."""

import datetime as dt
import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import models, transaction
from pytest_django.plugin import DjangoDbBlocker

from memberships.models import Membership, Reflection
from organizations.models import Organization, Position, PositionTemplate
from organizations.roster_order import order_key
from roster.models import User
from roster.names import SearchKeyField
from roster.privacy import CAMPUS, PUBLIC, STAFF
from tests.repository.import_order import ROOT

pytestmark = pytest.mark.both_databases

FIXTURE = ROOT / "fixtures" / "campus.json"
STORY = ROOT / "docs" / "demo-campus.md"
IN_TERM = dt.date(2025, 5, 1)
"""From this day until the capsule is opened, the story does not change."""
CAPSULE_OPENS = dt.date(2076, 5, 1)


@pytest.fixture(scope="module")
def campus_of_the_module(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo campus, loaded once for all tests of this module and taken back after the last."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        call_command("loaddata", FIXTURE, verbosity=0)
    yield
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture(autouse=True)
def campus(campus_of_the_module: None, db: None) -> None:
    """The demo campus, in the database. What a test does to it is taken back after the test."""


def rows() -> list[models.Model]:
    """Every row of the fixture, as the database holds it."""
    from django.apps import apps

    return [
        apps.get_model(record["model"])._default_manager.get(pk=record["pk"])
        for record in json.loads(FIXTURE.read_text(encoding="utf-8"))
    ]


def one(queryset: Any) -> Any:
    """The only row that a story names."""
    found = list(queryset)
    assert len(found) == 1
    return found[0]


def test_every_folded_form_is_that_of_its_names() -> None:
    wrong = {}
    for row in rows():
        for field in row._meta.fields:
            if isinstance(field, SearchKeyField):
                right = field.search_key_of({name: getattr(row, name) for name in field.sources})
                if getattr(row, field.attname) != right:
                    wrong[f"{row._meta.label_lower} {row.pk} {field.name}"] = right

    assert wrong == {}


def test_every_position_stands_where_its_names_put_it() -> None:
    wrong = {}
    for position in Position.objects.select_related("organization"):
        right = order_key(position.organization.name_folded, position.organization_id, position.name)
        if position.order_key != right:
            wrong[position.pk] = right

    assert wrong == {}


def test_every_row_passes_its_own_validation() -> None:
    for row in rows():
        row.full_clean()


def test_every_column_stands_in_the_file() -> None:
    for record, row in zip(json.loads(FIXTURE.read_text(encoding="utf-8")), rows(), strict=True):
        columns = {field.name for field in row._meta.fields if not field.primary_key}
        relations = {field.name for field in row._meta.many_to_many}

        assert columns | relations == record["fields"].keys(), record


def test_it_loads_twice_without_a_change() -> None:
    before = [model_values(row) for row in rows()]

    call_command("loaddata", FIXTURE, verbosity=0)

    assert [model_values(row) for row in rows()] == before


def test_new_rows_get_ids_of_their_own() -> None:
    user = User.objects.create_user("new.comer")
    organization = Organization.objects.create(name="New Club")
    position = Position.objects.create(
        organization=organization, template=PositionTemplate.objects.named("Member").get(), name="Member"
    )
    membership = Membership.objects.create(user=user, position=position, recorded_start=IN_TERM)

    assert Membership.objects.filter(pk=membership.pk, user=user).exists()


def test_nobody_can_sign_in() -> None:
    assert [user.username for user in User.objects.all() if user.has_usable_password()] == []
    assert not User.objects.filter(is_superuser=True).exists()


def test_every_address_is_made_up() -> None:
    found = re.findall(r"(?:@|//)([\w.-]+)", FIXTURE.read_text(encoding="utf-8"))

    hosts = {host for host in found if not re.search(r"(^|\.)example\.(edu|org)$", host)}
    assert hosts == {"purl.imsglobal.org"}


def test_the_fixture_has_every_case_of_the_membership_rules() -> None:
    kept = Membership.objects.not_deleted()

    assert Counter(kept.values_list("shown_on_campus", "shown_on_public")).keys() == set(
        itertools.product([True, False], repeat=2)
    )
    assert Membership.objects.exclude(deleted_at=None).exists()
    assert kept.filter(recorded_end=None).exists()
    assert kept.filter(recorded_end__lt=IN_TERM).exists()
    assert kept.filter(recorded_start=models.F("recorded_end")).exists()
    assert kept.filter(recorded_start__gt=IN_TERM).exists()
    assert kept.exclude(reported_start=None).exists()
    assert kept.exclude(reported_end=None).exists()
    assert Reflection.objects.exists()
    assert any(times > 1 for times in Counter(kept.values_list("user", "position")).values())


def test_the_story_is_the_same_on_every_day_until_the_capsule_opens() -> None:
    def current(day: dt.date) -> set[int]:
        return set(Membership.objects.current(on=day).values_list("pk", flat=True))

    assert current(IN_TERM + dt.timedelta(days=1)) == current(CAPSULE_OPENS - dt.timedelta(days=1))


def test_the_people_whom_privacy_is_about_are_there() -> None:
    confidential = one(User.objects.filter(is_confidential=True))
    staff = one(User.objects.filter(is_staff=True))
    nobody = one(User.objects.filter(memberships=None))

    assert confidential.memberships.filter(shown_on_campus=True, shown_on_public=True).exists()
    assert staff.has_perm("roster.ask_as_staff")
    assert nobody.get_all_permissions() == set()
    assert one(User.objects.exclude(preferred_first_name="")).known_as == "Ben"
    assert one(User.objects.filter(status=User.Status.INACTIVE)).memberships.exists()


def test_the_organizations_whom_privacy_and_order_are_about_are_there() -> None:
    hidden = one(Organization.objects.filter(directory_visibility=Organization.Visibility.HIDDEN))
    names = Counter(Organization.objects.values_list("name", flat=True))

    assert Membership.objects.filter(position__organization=hidden, shown_on_public=True).exists()
    assert one(hidden.children.all()).directory_visibility == Organization.Visibility.VISIBLE
    assert [name for name, times in names.items() if times > 1] == ["Chess Club"]
    assert "*LEAD*" in names


def test_a_position_has_the_type_of_its_template() -> None:
    assert not Position.objects.exclude(type=models.F("template__default_type")).exists()


def test_the_docs_name_everybody_and_nobody_else() -> None:
    documented = set(re.findall(r"\*\*(.+?)\*\*(?!\*)", STORY.read_text(encoding="utf-8")))

    people = {f"{user.known_as} {user.last_name}" for user in User.objects.all()}
    organizations = {name.replace("*", r"\*") for name in Organization.objects.values_list("name", flat=True)}
    assert documented == people | organizations


def test_the_docs_count_what_each_audience_sees() -> None:
    documented = re.findall(
        r"^\| (public|campus|staff) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", STORY.read_text("utf-8"), re.M
    )

    assert [(level, *map(int, counts)) for level, *counts in documented] == [
        (
            audience.level,
            Membership.objects.visible_to(audience).not_deleted().count(),
            *(model.objects.visible_to(audience).count() for model in (Organization, Position, User)),
        )
        for audience in (PUBLIC, CAMPUS, STAFF)
    ]


def model_values(row: models.Model) -> dict[str, Any]:
    """The columns of a row."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.fields}
