"""Rows that are loaded into empty tables get their indexes and references afterwards, and all of them."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from memberships.importing.bulk import Table, lines, next_id
from memberships.importing.deferred_indexes import are_empty, deferred_indexes
from memberships.models import Membership
from memberships.synthetic import tables
from organizations.models import Category
from tests.sample_data import SampleData

pytestmark = pytest.mark.django_db

OF_THE_TABLE = """
SELECT indexdef FROM pg_indexes WHERE tablename = 'memberships_membership'
UNION ALL
SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = 'memberships_membership'::regclass ORDER BY 1
"""


def definitions() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(OF_THE_TABLE)
        return [text for (text,) in cursor.fetchall()]


def test_within_the_block_there_are_only_keys() -> None:
    with deferred_indexes([Membership]):
        inside = definitions()

    assert not any("REFERENCES" in text or "membership_by_" in text for text in inside)
    assert any("PRIMARY KEY" in text for text in inside)


def test_afterwards_all_are_there_again() -> None:
    before = definitions()

    with deferred_indexes([Membership]):
        pass

    assert definitions() == before


def test_a_campus_leaves_the_tables_as_they_were_made() -> None:
    before = definitions()

    call_command("generate_campus", users=20, organizations=3, memberships=50, verbosity=0)

    assert definitions() == before
    assert Membership.objects.count() == 50


def test_tables_with_rows_keep_their_indexes(sample: SampleData, monkeypatch: pytest.MonkeyPatch) -> None:
    left_out: list[Any] = []
    monkeypatch.setattr(
        "memberships.importing.deferred_indexes.execute_all", lambda cursor, statements: left_out.extend(statements)
    )
    monkeypatch.setattr("memberships.synthetic.generator.reset_sequences", lambda models: None)

    call_command("generate_campus", users=20, organizations=3, memberships=50, append=True, verbosity=0)

    assert not are_empty(tables.MODELS)
    assert left_out == []


def test_a_row_that_refers_to_nothing_is_refused_at_the_end(sample: SampleData) -> None:
    row = {**Membership.objects.values()[0], "id": 2**31 - 1, "user_id": 2**31 - 1}
    table = Table(Membership)

    with pytest.raises(IntegrityError, match="user_id"), transaction.atomic(), deferred_indexes([Membership]):
        table.write([table.row(row)], lambda rows: None)


@pytest.mark.parametrize("name", ["plain", "tab\tand\nline", "back\\slash", "\\N", "\r", "Ünï—ço\u2028de"])
def test_a_text_is_copied_as_it_is(name: str) -> None:
    table, number = Table(Category), next_id(Category)

    table.write([table.row({"id": number, "name": name, "name_folded": ""})], lambda rows: None)

    assert Category.objects.get(pk=number).name == name


def test_a_line_tells_nothing_from_an_empty_text() -> None:
    assert lines([(1, 2), (None, "a\tb"), ("", None), (True, False)]) == "1\t\\N\t\tTrue\n2\ta\\tb\t\\N\tFalse\n"
