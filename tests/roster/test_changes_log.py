"""The log of changes stays short (`roster/history/change_tracking.py`)."""

import pytest
from django.db import DatabaseError, connection, transaction

from roster.history import change_tracking
from roster.models import Change, User
from roster.reads.snapshot import current_snapshot

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]

LONG_AGO = -change_tracking.KEPT_TRANSACTIONS
"""A line that is older than the lines that are kept."""


def is_short() -> bool:
    return not Change.objects.filter(transaction=LONG_AGO).exists()


@pytest.fixture
def old_line() -> None:
    Change.objects.bulk_create(Change(transaction=number) for number in (LONG_AGO, 0))


@pytest.fixture
def due(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every change shortens the log."""
    monkeypatch.setattr(change_tracking, "TRIM_ONCE_IN", 1)


def test_the_lines_kept_are_counted_from_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_tracking, "KEPT_TRANSACTIONS", 1)
    Change.objects.bulk_create(Change(transaction=number) for number in (1, 2, 3))
    change_tracking.trim()
    assert list(Change.objects.order_by("transaction").values_list("transaction", flat=True)) == [2, 3]


def test_a_line_of_a_restored_dump_does_not_count_as_the_last() -> None:
    User.objects.create(username="new.person")
    before = current_snapshot()
    Change.objects.create(transaction=2**60)
    change_tracking.trim()
    expected = before.last_change if connection.vendor == "postgresql" else 2**60  # SQLite's numbers go on from there
    assert current_snapshot().last_change == expected


@pytest.mark.usefixtures("old_line", "due")
def test_a_change_shortens_it() -> None:
    User.objects.create(username="new.person")
    assert is_short()


@pytest.mark.usefixtures("old_line", "due")
def test_a_transaction_shortens_it_when_it_has_ended() -> None:
    with transaction.atomic():
        User.objects.create(username="new.person")
        assert not is_short()
    assert is_short()


@pytest.mark.usefixtures("old_line", "due")
def test_whoever_notes_by_himself_shortens_it() -> None:
    with transaction.atomic():
        change_tracking.log_change()
    assert is_short()


@pytest.mark.usefixtures("due")
def test_a_change_stands_where_shortening_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise DatabaseError("The disk is full.")

    monkeypatch.setattr(change_tracking, "trim", fails)
    User.objects.create(username="new.person")
    assert User.objects.filter(username="new.person").exists()
