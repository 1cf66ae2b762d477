"""What only the fast way of PostgreSQL does (`roster/api/fast/`)."""

import psycopg
import pytest
from django.db import connection

from roster.api.fast.cursor import fetch

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_broken_connection_is_replaced_once() -> None:
    ((backend,),) = fetch("SELECT pg_backend_pid()", ())
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [backend])
    ((next_backend,),) = fetch("SELECT pg_backend_pid()", ())
    assert next_backend != backend


def test_days_and_instants_arrive_in_milliseconds() -> None:
    ((day, instant, nothing),) = fetch(
        "SELECT date '2013-11-12', timestamptz '2013-11-12 05:00:00.000999+00', NULL::date", ()
    )
    assert (day, instant, nothing) == (1384232400000, 1384232400000, None)
