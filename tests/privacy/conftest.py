"""The campus of every combination, and everybody who may ask about it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from organizations.models import Organization
from roster.models import User
from tests.client import Answer, ask, new_client
from tests.privacy.campus import Campus, written
from tests.privacy.oracle import Asker
from tests.sample_data import key


@dataclass
class Audience:
    """A caller: its credential, and its description for the oracle."""

    credential: str | User | None
    asker: Asker
    is_public_api_open: bool = False

    @cached_property
    def shown(self) -> str | Client | None:
        """What is shown with each request: a key, or the browser of a person who has signed in once."""
        if not isinstance(self.credential, User):
            return self.credential
        client = new_client()
        client.force_login(self.credential)
        return client

    def ask(self, path: str, **parameters: Any) -> Answer:
        return ask(self.shown, path, **parameters)


AUDIENCES = (
    "anonymous",
    "public key",
    "campus key",
    "staff key",
    "staff key with reflections",
    "limited public key",
    "limited campus key",
    "limited staff key",
    "signed-in person",
    "confidential signed-in person",
    "signed-in member of a club",
    "signed-in user of the admin without the permission",
    "signed-in staff",
)


@dataclass(frozen=True)
class Stage:
    campus: Campus
    audiences: dict[str, Audience]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """The campus, written once for all tests of a module and taken back after the last."""
    atomic = transaction.atomic()
    with django_db_blocker.unblock():
        atomic.__enter__()
        campus = written()
        stage = Stage(campus, everybody(campus))
    yield stage
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture
def campus(stage: Stage, db: None) -> Campus:
    return stage.campus


@pytest.fixture
def audience(request: pytest.FixtureRequest, stage: Stage, db: None, settings: Settings) -> Audience:
    """The audience that the test is parametrized with, by its name."""
    found = replace(stage.audiences[request.param])  # who signs in again for each test
    settings.PUBLIC_API = found.is_public_api_open
    return found


def everybody(campus: Campus) -> dict[str, Audience]:
    limit = list(Organization.objects.filter(pk__in=[row.id for row in campus.organizations if row.is_in_limit]))
    nobody, confidential = campus.people[-2:]
    hidden_members = [
        it.person for it in campus.holdings if it.organization.is_hidden and not it.person.is_confidential
    ]
    member, admin, staff = hidden_members[0], hidden_members[1], hidden_members[2]
    User.objects.filter(pk__in=[admin.id, staff.id]).update(is_staff=True)
    users = User.objects.in_bulk()
    users[staff.id].user_permissions.add(Permission.objects.get(codename="ask_as_staff"))
    found = [
        Audience(None, Asker("public"), is_public_api_open=True),
        Audience(key("public"), Asker("public")),
        Audience(key("campus"), Asker("campus")),
        Audience(key("staff"), Asker("staff")),
        Audience(key("staff", may_read_reflections=True), Asker("staff", reads_reflections=True)),
        Audience(key("public", to=limit), Asker("public", is_limited=True)),
        Audience(key("campus", to=limit), Asker("campus", is_limited=True)),
        Audience(key("staff", to=limit), Asker("staff", is_limited=True)),
        Audience(users[nobody.id], Asker("campus", me=nobody.id)),
        Audience(users[confidential.id], Asker("campus", me=confidential.id)),
        Audience(users[member.id], Asker("campus", me=member.id)),
        Audience(users[admin.id], Asker("campus", me=admin.id)),
        Audience(users[staff.id], Asker("staff", me=staff.id)),
    ]
    return dict(zip(AUDIENCES, found, strict=True))
