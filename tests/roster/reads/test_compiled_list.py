"""What only the fast way of PostgreSQL does (`roster/reads/`)."""

import gc
import threading
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from roster.reads.raw_cursor import fetch_rows, with_numbered_placeholders

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_broken_connection_is_replaced_once() -> None:
    ((backend,),) = fetch_rows("SELECT pg_backend_pid()", ())
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
    ((next_backend,),) = fetch_rows("SELECT pg_backend_pid()", ())
    assert next_backend != backend


@pytest.mark.filterwarnings("ignore:.*was deleted while still open:ResourceWarning")
def test_a_thread_that_ends_leaves_no_connection_open() -> None:
    backends: list[int] = []
    thread = threading.Thread(
        target=lambda: backends.extend(row[0] for row in fetch_rows("SELECT pg_backend_pid()", ()))
    )
    thread.start()
    thread.join()
    gc.collect()
    still_there = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"
    with connection.cursor() as cursor:
        for _ in range(2000):  # the server's process needs some time to end
            cursor.execute(still_there, backends)
            if cursor.fetchone() == (0,):
                return
    pytest.fail("The connection of a thread that has ended is still open.")


def test_days_and_instants_arrive_in_milliseconds() -> None:
    ((day, instant, nothing),) = fetch_rows(
        "SELECT date '2013-11-12', timestamptz '2013-11-12 05:00:00.000999+00', NULL::date", ()
    )
    assert (day, instant, nothing) == (1384232400000, 1384232400000, None)


@pytest.mark.parametrize(
    "sql, parameters",
    [
        ("SELECT %s::int + 1, '100%%'", (1,)),
        ("SELECT %(one)s::int + %(one)s::int, '100%%' WHERE %(word)s::text = 'a'", {"word": "a", "one": 1}),
    ],
)
def test_who_watches_statements_sees_the_same_rows(sql: str, parameters: Any) -> None:
    alone = fetch_rows(sql, parameters)
    with CaptureQueriesContext(connection) as captured:
        logged = fetch_rows(sql, parameters)
    seen: list[str] = []

    def note(execute: Any, asked: str, *others: Any) -> Any:
        seen.append(asked)
        return execute(asked, *others)

    with connection.execute_wrapper(note):
        wrapped = fetch_rows(sql, parameters)
    assert alone == logged == wrapped == [(2, "100%")]
    assert (len(captured), seen) == (1, [sql])


def test_placeholders_are_numbered_once_for_a_name() -> None:
    assert with_numbered_placeholders("SELECT %(b)s, %(a)s, %(b)s, '%%s'") == ("SELECT $1, $2, $1, '%s'", ("b", "a"))
    assert with_numbered_placeholders("SELECT %s, %s") == ("SELECT $1, $2", ())


def test_a_transaction_that_failed_reads_nothing_more() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            fetch_rows("SELECT 1", ())
