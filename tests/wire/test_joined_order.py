"""SQLite reads pages of memberships in the order of its indexes, which is the order of the roster."""

import pytest
from django.db import connection

from memberships.models import Membership
from roster.privacy import STAFF
from roster.reads.join_order import order_by_joined_column, ordering_relation
from tests.sample_data import SampleData

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_rows_come_in_the_order_of_the_roster(sample: SampleData) -> None:
    roster = Membership.objects.with_wire_fields(STAFF).in_wire_order(STAFF)

    assert list(order_by_joined_column(roster, "position")) == list(roster)


def test_a_roster_is_not_sorted_for_its_first_page(sample: SampleData) -> None:
    roster = Membership.objects.with_wire_fields(STAFF).in_wire_order(STAFF)
    of_one = roster.filter(position__organization=sample.chess_member.organization_id)

    assert "TEMP B-TREE" not in order_by_joined_column(of_one, "position")[:100].explain()


def test_only_sqlite_needs_it(sample: SampleData) -> None:
    roster = Membership.objects.in_wire_order(STAFF)

    assert ordering_relation(roster) == ("position" if connection.vendor == "sqlite" else None)
    assert ordering_relation(roster.order_by("id")) is None


def test_another_order_stays_as_it_is(sample: SampleData) -> None:
    rows = Membership.objects.order_by("modified_at", "id")

    assert order_by_joined_column(rows, ordering_relation(rows)) is rows
