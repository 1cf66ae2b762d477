"""SQLite reads pages of memberships in the order of its indexes, which is the order of the roster."""

import pytest
from django.db import connection

from memberships.models import Membership
from roster.api.fast.joined import in_order_of_joined, walked_relation
from roster.privacy import STAFF
from tests.cast import Cast

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_rows_come_in_the_order_of_the_roster(cast: Cast) -> None:
    roster = Membership.objects.with_wire_fields(STAFF).in_wire_order(STAFF)

    assert list(in_order_of_joined(roster, "position")) == list(roster)


def test_a_roster_is_not_sorted_for_its_first_page(cast: Cast) -> None:
    roster = Membership.objects.with_wire_fields(STAFF).in_wire_order(STAFF)
    of_one = roster.filter(position__organization=cast.chess_member.organization_id)

    assert "TEMP B-TREE" not in in_order_of_joined(of_one, "position")[:100].explain()


def test_only_sqlite_needs_it(cast: Cast) -> None:
    roster = Membership.objects.in_wire_order(STAFF)

    assert walked_relation(roster) == ("position" if connection.vendor == "sqlite" else None)
    assert walked_relation(roster.order_by("id")) is None


def test_another_order_stays_as_it_is(cast: Cast) -> None:
    rows = Membership.objects.order_by("modified_at", "id")

    assert in_order_of_joined(rows, walked_relation(rows)) is rows
