"""A PostgreSQL that stops responding: a request ends after a timeout, and that is a failure of the database."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection
from django.test import Client

from roster.database import time_budget
from roster.database.failures import is_outage
from roster.database.postgresql.base import ServerNotResponding
from tests.sample_data import SampleData


@pytest.fixture
def _short_budget() -> Iterator[None]:
    time_budget.start()
    time_budget.limit(0.2)
    yield
    time_budget.end()


def kinds(kind: type[psycopg.Error]) -> Iterator[type[psycopg.Error]]:
    yield kind
    for each in kind.__subclasses__():
        yield from kinds(each)


def without_connection() -> list[type[psycopg.Error]]:
    """What the driver raises by itself when it has no connection: those of its errors that have no SQLSTATE."""
    found = {*kinds(psycopg.OperationalError), *kinds(psycopg.InterfaceError)}
    return sorted((kind for kind in found if kind.sqlstate is None), key=lambda kind: kind.__name__)


@pytest.mark.parametrize("kind", without_connection(), ids=lambda kind: kind.__name__)
def test_a_driver_without_a_connection_tells_of_an_outage(kind: type[psycopg.Error]) -> None:
    assert is_outage(kind("no answer"))


def test_the_driver_of_requests_is_among_them() -> None:
    assert ServerNotResponding in without_connection()


@pytest.mark.django_db
def test_a_statement_without_an_answer_is_an_outage() -> None:
    other = connection.copy()
    other.ensure_connection()
    process = other.connection.info.backend_pid
    time_budget.start()
    time_budget.limit(0.2)
    try:
        with pytest.raises(OperationalError) as raised, other.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
    finally:
        time_budget.end()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process])

    assert is_outage(raised.value)


@pytest.mark.django_db
@pytest.mark.usefixtures("_short_budget")
def test_a_connection_for_which_no_time_is_left_is_an_outage() -> None:
    with pytest.raises(OperationalError) as raised:
        connection.copy().ensure_connection()

    assert is_outage(raised.value)


def test_a_request_is_answered_503(sample: SampleData) -> None:
    def fail(*args: object) -> None:
        try:
            raise ServerNotResponding("no answer within 5 seconds")
        except ServerNotResponding as error:
            raise OperationalError(str(error)) from error

    with connection.execute_wrapper(fail):
        answer = Client(raise_request_exception=False).get(
            "/api/memberships", headers={"Authorization": f"Bearer {sample.staff_key}"}
        )

    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
