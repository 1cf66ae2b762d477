"""An administrator who was made before the roster came is in nobody's way."""

import pytest
from django.core.management import call_command
from django.db import connection

from memberships.importing.deferred_indexes import reset_sequences
from roster.models import User
from roster.querysets import FIRST_LOCAL_ID
from tests.memberships.importing.engage.conftest import Importer
from tests.memberships.importing.engage.records import a_membership, a_user

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


@pytest.fixture
def boss() -> User:
    user: User = User.objects.create_superuser("boss")
    return user


def test_its_id_is_none_that_a_site_brings(boss: User) -> None:
    second = User.objects.create_superuser("second")

    assert (boss.pk, second.pk) == (FIRST_LOCAL_ID, FIRST_LOCAL_ID + 1)


@pytest.mark.parametrize("number", [1, 2])
def test_an_import_keeps_the_first_ids(run_import: Importer, boss: User, number: int) -> None:
    run_import(a_user(userId=number, username="amara"), a_membership(userId=number, username="amara"))

    assert User.objects.get(pk=number).username == "amara"
    boss.refresh_from_db()
    assert (boss.username, boss.is_superuser) == ("boss", True)


def test_so_does_a_generated_campus(boss: User) -> None:
    call_command("generate_campus", users="20", organizations="5", memberships="40", verbosity=0)

    assert list(User.objects.order_by("pk").values_list("pk", flat=True)) == [*range(1, 21), boss.pk]


def test_later_accounts_are_beside_neither(boss: User, run_import: Importer) -> None:
    run_import(a_user(userId=7, username="amara"))
    reset_sequences([User])

    later = [User.objects.create(username=name).pk for name in ("first", "next")]
    second = User.objects.create_superuser("second")

    assert len({7, boss.pk, *later, second.pk}) == 5
    assert min(later) > 7


def test_a_sequence_stays_below_them(boss: User, run_import: Importer) -> None:
    run_import(a_user(userId=7, username="amara"))

    following = User.objects.create(username="next").pk

    is_below = connection.vendor == "postgresql"  # SQLite looks at the ids themselves
    assert (following < FIRST_LOCAL_ID) is is_below
