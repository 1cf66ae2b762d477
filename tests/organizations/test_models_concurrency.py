"""A rename of an organization and a new position of it at the same time give the right order on every database."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from organizations.models import Organization, Position, PositionTemplate, PositionType
from tests.sample_data import organization, position

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def chess_club() -> Organization:
    return organization("Chess Club")


@pytest.fixture
def member_kind() -> PositionTemplate:
    made: PositionTemplate = PositionTemplate.objects.create(
        name="Member", default_type=PositionType.objects.create(name="Member")
    )
    return made


class Other(threading.Thread):
    """Somebody else, with a database connection of their own."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.act = act
        self.server_process: int | None = None
        self.is_connected = threading.Event()

    def run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (self.server_process,) = cursor.fetchone()
            self.is_connected.set()
            self.act()
        finally:
            connection.close()

    def start_and_wait_for_us(self) -> None:
        """Start, and come back when it waits for a lock that this thread holds."""
        self.start()
        assert self.is_connected.wait(timeout=30)
        with connection.cursor() as cursor:
            waits = False
            while not waits:
                assert self.is_alive(), "It did not wait."
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self.server_process])
                (waits,) = cursor.fetchone()

    def finish(self) -> None:
        self.join(timeout=30)
        assert not self.is_alive()


def rename(chess_club: Organization) -> None:
    chess_club.name = "Échecs"
    chess_club.save()


def test_a_position_that_comes_during_a_rename_takes_the_new_name(
    chess_club: Organization, member_kind: PositionTemplate
) -> None:
    other = Other(lambda: position(Organization.objects.get(pk=chess_club.pk), "Member", member_kind))
    with transaction.atomic():
        rename(chess_club)
        other.start_and_wait_for_us()
    other.finish()

    assert Position.objects.get().order_key == f"echecs\x01{chess_club.pk:010d}\x01member"


def test_a_rename_that_comes_during_a_new_position_moves_it(
    chess_club: Organization, member_kind: PositionTemplate
) -> None:
    other = Other(lambda: rename(Organization.objects.get(pk=chess_club.pk)))
    with transaction.atomic():
        position(chess_club, "Member", member_kind)
        other.start_and_wait_for_us()
    other.finish()

    assert Position.objects.get().order_key == f"echecs\x01{chess_club.pk:010d}\x01member"
