"""The suite runs on the database that its options choose."""

import pytest
from django.db import connection


@pytest.mark.both_databases
@pytest.mark.django_db
def test_the_run_is_on_the_database_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    expected = "sqlite" if pytestconfig.getoption("sqlite") else "postgresql"

    assert connection.vendor == expected


@pytest.mark.django_db
def test_postgresql_answers_as_postgresql() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT version()")
        (version,) = cursor.fetchone()

    assert version.startswith("PostgreSQL")
