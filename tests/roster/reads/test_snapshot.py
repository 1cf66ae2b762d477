"""What was found out about the roster holds until the next change (`roster/history/change_tracking.py`)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from organizations.models import Organization
from roster.history import change_tracking
from roster.models import Change, User
from roster.reads.snapshot import Snapshot, current_snapshot

pytestmark = pytest.mark.both_databases


@pytest.mark.django_db
def test_a_fixture_is_logged() -> None:
    Change.objects.all().delete()
    call_command("loaddata", str(Path("fixtures") / "campus.json"), verbosity=0)
    assert Change.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_found_out_holds_until_the_next_change() -> None:
    Change.objects.all().delete()
    found_out = current_snapshot()
    assert found_out.is_unchanged_at(current_snapshot())
    User.objects.create(username="new.person")
    assert not found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_who_changes_something_does_not_go_on_with_what_was_true_before() -> None:
    with transaction.atomic():
        Organization.objects.create(name="One")  # so that this transaction has its number
        found_out = current_snapshot()
        Organization.objects.create(name="Another")
        assert not found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_changes_nothing() -> None:
    Change.objects.all().delete()
    found_out = current_snapshot()
    with transaction.atomic():
        User.objects.create(username="new.person")
        transaction.set_rollback(True)
    assert found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_change_inside_another_is_logged() -> None:
    found_out = current_snapshot()
    with change_tracking.track_changes():
        User.objects.create(username="new.person")
    assert not found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_taken_back_to_a_savepoint_changes_nothing() -> None:
    Change.objects.all().delete()
    found_out = current_snapshot()
    with transaction.atomic():
        with transaction.atomic():
            User.objects.create(username="new.person")
            transaction.set_rollback(True)
        assert not User.objects.exists()
    assert found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_change_that_fails_changes_nothing() -> None:
    User.objects.create(username="new.person")
    Change.objects.all().delete()  # else the snapshot proves nothing while another test has a transaction open
    found_out = current_snapshot()
    with pytest.raises(DatabaseError):
        User.objects.create(username="new.person")
    assert found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_save_of_no_field_changes_nothing() -> None:
    person = User.objects.create(username="new.person")
    Change.objects.all().delete()  # else the snapshot proves nothing while another test has a transaction open
    found_out = current_snapshot()
    person.save(update_fields=[])
    assert found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_a_change_under_way_while_another_ends_is_not_missed() -> None:
    if connection.vendor != "postgresql":  # elsewhere one transaction writes at a time
        assert connection.vendor == "sqlite"
        return
    with transaction.atomic():
        User.objects.create(username="slow.writer")
        with ThreadPoolExecutor(1) as others:
            others.submit(_change_and_close).result()
            found_out = others.submit(_snapshot_and_close).result()
    assert not found_out.is_unchanged_at(current_snapshot())


@pytest.mark.django_db(transaction=True)
def test_lines_of_a_restored_dump_are_passed_over() -> None:
    Change.objects.create(transaction=2**60)
    expected = 0 if connection.vendor == "postgresql" else 2**60  # SQLite's numbers go on where the dump's ended
    assert current_snapshot().last_change == expected


def _change_and_close() -> None:
    Organization.objects.create(name="Quick Writers")
    connection.close()


def _snapshot_and_close() -> Snapshot:
    taken = current_snapshot()
    connection.close()
    return taken
