"""On PostgreSQL a statement that changes the roster takes its note along (`roster/history/change_tracking.py`)."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext
from psycopg import sql
from pytest_django import DjangoAssertNumQueries

from memberships.models import Membership
from organizations.models import CustomField, LimitedKey, Organization, OrganizationType
from roster.history import change_tracking
from roster.models import Change, User
from tests.sample_data import SampleData

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = sql.Identifier("roster_user")
NAMED = "UPDATE roster_user SET first_name = %s"


def write_and_log(cursor: Any) -> None:
    cursor.execute(NAMED, ["Ada"])
    change_tracking.log_change()


STATEMENTS: dict[str, Callable[[Any], object]] = {
    "as Django writes it": lambda cursor: cursor.execute(NAMED, ["Ada"]),
    "in small letters": lambda cursor: cursor.execute(NAMED.lower(), ["Ada"]),
    "without parameters": lambda cursor: cursor.execute(NAMED.replace("%s", "'100%'")),
    "with a WITH of its own": lambda cursor: cursor.execute(f"WITH one AS (SELECT 1) {NAMED}", ["Ada"]),
    "composed": lambda cursor: cursor.execute(sql.SQL("UPDATE {} SET first_name = 'Ada'").format(PEOPLE)),
    "several times": lambda cursor: cursor.executemany(NAMED, [["Grace"], ["Ada"]]),
    "composed, several times": lambda cursor: cursor.executemany(
        sql.SQL("UPDATE {} SET first_name = %s").format(PEOPLE), [["Grace"], ["Ada"]]
    ),
    "with a note of its own": write_and_log,
}


@pytest.fixture(autouse=True)
def _never_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement is counted that shortens the log."""
    monkeypatch.setattr(change_tracking, "trim", lambda: None)


@pytest.fixture
def roster() -> SampleData:
    """The sample data in a database with an empty change log."""
    sample = SampleData()
    Change.objects.all().delete()
    return sample


def new_membership(sample: SampleData, **also: Any) -> Membership:
    held = Membership.objects.filter(user=sample.amara)[0].position
    return Membership(
        user=sample.amara,
        position=held,
        recorded_start=dt.date(2025, 1, 1),
        shown_on_campus=True,
        shown_on_public=True,
        **also,
    )


def transactions_of(rows: Any) -> set[int]:
    """The ids of the transactions that wrote these rows last."""
    table = connection.ops.quote_name(rows.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT xmin::text::bigint FROM {table} WHERE id = ANY(%s)",  # noqa: S608 (a table of ours)
            [[row.pk for row in rows]],
        )
        return {number for (number,) in cursor.fetchall()}


def noted() -> set[int]:
    return set(Change.objects.values_list("transaction", flat=True))


def test_a_new_membership_is_one_statement(
    roster: SampleData, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    membership = new_membership(roster)
    with django_assert_num_queries(1):
        membership.save()
    assert noted() == transactions_of(Membership.objects.filter(pk=membership.pk))


def test_columns_of_a_membership_are_written_in_one_statement(
    roster: SampleData, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    membership = Membership.objects.filter(user=roster.amara)[0]
    with django_assert_num_queries(1):
        membership.save(update_fields=["shown_on_public"])
    assert noted() == transactions_of(Membership.objects.filter(pk=membership.pk))


def test_a_whole_membership_is_compared_and_written_in_one_statement(
    roster: SampleData, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    membership = Membership.objects.filter(user=roster.amara)[0]
    with django_assert_num_queries(1):
        membership.save()
    assert noted() == transactions_of(Membership.objects.filter(pk=membership.pk))


def test_a_bulk_change_is_one_statement_and_tells_its_rows(
    roster: SampleData, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = Membership.objects.filter(user=roster.amara)
    expected = rows.count()
    with django_assert_num_queries(1):
        assert rows.update(shown_on_public=False) == expected
    assert noted() == transactions_of(rows)


def test_a_row_that_nothing_hangs_on_is_deleted_in_one_statement(
    roster: SampleData, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    limit = LimitedKey.objects.all()[0]
    with django_assert_num_queries(1):
        assert limit.delete() == (1, {"organizations.LimitedKey": 1})
    assert len(noted()) == 1


def test_a_delete_with_what_hangs_on_it_is_one_transaction(roster: SampleData) -> None:
    made = Organization.objects.create(name="Short-lived Club")
    CustomField.objects.create(organization=made, name="Days")
    Change.objects.all().delete()
    _, deleted = made.delete()
    assert deleted["organizations.CustomField"] == 1
    assert len(noted()) == 1


def test_a_row_with_a_chosen_id_is_updated_in_vain_and_then_inserted(roster: SampleData) -> None:
    membership = new_membership(roster, id=4711)
    membership.save()
    assert transactions_of(Membership.objects.filter(pk=4711)) <= noted()


def test_rows_made_in_batches_get_their_ids(roster: SampleData) -> None:
    made = Membership.objects.bulk_create([new_membership(roster) for _ in range(5)], batch_size=2)
    assert noted() == transactions_of(Membership.objects.filter(pk__in=[row.pk for row in made]))


@pytest.mark.parametrize(
    "conflicts",
    [
        {"ignore_conflicts": True},
        {"update_conflicts": True, "update_fields": ["shown_on_public"], "unique_fields": ["id"]},
    ],
)
def test_rows_that_may_be_there_are_logged(roster: SampleData, conflicts: dict[str, Any]) -> None:
    there = Membership.objects.filter(user=roster.amara)[0]
    Membership.objects.bulk_create([new_membership(roster, id=there.pk), new_membership(roster, id=4711)], **conflicts)
    assert transactions_of(Membership.objects.filter(pk=4711)) == noted()


def test_a_save_inside_a_save_takes_one_note_each(roster: SampleData) -> None:
    def save_another(instance: User, **about: Any) -> None:
        if instance.pk == roster.amara.pk:
            roster.nadia.save()

    post_save.connect(save_another, sender=User)
    try:
        with CaptureQueriesContext(connection) as captured:
            roster.amara.save()
    finally:
        post_save.disconnect(save_another, sender=User)
    assert [query["sql"].count("roster_change") for query in captured] == [1, 1]
    assert noted() == transactions_of(User.objects.filter(pk__in=[roster.amara.pk, roster.nadia.pk]))


@pytest.mark.parametrize("write", STATEMENTS.values(), ids=STATEMENTS)
def test_however_a_statement_is_written_its_transaction_is_logged(write: Callable[[Any], object]) -> None:
    User.objects.create(username="new.person")
    with change_tracking.track_changes(), connection.cursor() as cursor:
        write(cursor)
    assert transactions_of(User.objects.all()) <= noted()


@pytest.mark.parametrize("write", STATEMENTS.values(), ids=STATEMENTS)
def test_however_a_statement_is_written_an_outer_transaction_takes_it_back(write: Callable[[Any], object]) -> None:
    User.objects.create(username="new.person")
    before = noted()
    with transaction.atomic(), change_tracking.track_changes(), connection.cursor() as cursor:
        write(cursor)
        transaction.set_rollback(True)
    assert noted() == before
    assert User.objects.get().first_name == ""


def test_a_savepoint_inside_takes_back_no_more_than_its_own(roster: SampleData) -> None:
    with transaction.atomic(), change_tracking.track_changes():
        roster.amara.save()
        with transaction.atomic():
            roster.nadia.save()
            transaction.set_rollback(True)
    assert noted() == transactions_of(User.objects.filter(pk=roster.amara.pk))


def test_what_is_written_elsewhere_inside_is_written(roster: SampleData) -> None:
    with change_tracking.track_changes():
        OrganizationType.objects.create(name="Somewhere else")
    assert OrganizationType.objects.filter(name="Somewhere else").exists()


def test_reading_inside_notes_nothing(roster: SampleData) -> None:
    with change_tracking.track_changes():
        list(Membership.objects.all())
    assert noted() == set()


def test_a_bulk_change_of_no_rows_that_asks_nothing_notes_nothing(roster: SampleData) -> None:
    Membership.objects.filter(pk__in=[]).update(shown_on_public=False)
    assert noted() == set()


def test_a_refused_statement_leaves_nothing_behind(roster: SampleData) -> None:
    with pytest.raises(IntegrityError):
        User.objects.create(username=roster.amara.username)
    assert noted() == set()
    with connection.cursor() as cursor:
        cursor.execute(NAMED, ["Ada"])  # past the models, and nothing of theirs is left on the connection
    assert noted() == set()
