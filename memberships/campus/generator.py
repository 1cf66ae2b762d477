"""Make a whole campus and write it: people, organizations, positions, memberships, in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from memberships.bulk import Row, Table, next_id
from memberships.campus import groups, people, tables
from memberships.campus.dice import Dice
from memberships.campus.history import History
from memberships.campus.rosters import Rosters
from memberships.indexes import (
    are_empty,
    check_references_at_once,
    gather_statistics,
    indexes_afterwards,
    move_sequences,
)
from memberships.models import Membership
from organizations.models import CustomField, Organization, Position
from roster import changes
from roster.models import User


@dataclass(frozen=True)
class Plan:
    """What is asked for. Two campuses of one plan are the same, in ids and every value, when both begin empty."""

    users: int
    organizations: int
    memberships: int
    seed: int
    today: dt.date
    """The day on which the story stands still: nothing was entered or changed on it or later."""

    def dice(self, subject: str) -> Dice:
        """Chance for one subject, which the others do not disturb."""
        return Dice(self.seed * len(SUBJECTS) + SUBJECTS.index(subject))


SUBJECTS = ("days", "people", "groups", "organizations", "categories", "custom fields", "positions", "memberships")

COUNTED = (tables.USERS, tables.ORGANIZATIONS, tables.MEMBERSHIPS)
"""The tables whose rows were asked for by number."""


def write(plan: Plan, progress: Callable[[int], object]) -> None:
    """Write the campus after all rows that are there; all of it or nothing. `progress` is told rows of `COUNTED`."""
    with transaction.atomic():
        check_references_at_once()
        with indexes_afterwards(tables.MODELS if are_empty(tables.MODELS) else ()):
            for table, rows in campus(plan):
                table.write(rows, progress if table in COUNTED else _silently)
        move_sequences([*tables.LISTS, *tables.MODELS])
        changes.note()
    gather_statistics(tables.MODELS)


def campus(plan: Plan) -> Iterator[tuple[Table, Iterable[Row]]]:
    """The tables and their rows, in an order in which each row refers to earlier ones. Makes the campus-wide lists."""
    lists = groups.Lists.found_or_made()
    history = History(plan.today, plan.dice("days"))
    population = people.Population(plan.users, history)
    group = groups.Groups(plan.organizations, plan.memberships, population, history.today - 1, plan.dice("groups"))
    rosters = Rosters(group, population, history, plan.dice("memberships"))
    user, organization, field = next_id(User), next_id(Organization), next_id(CustomField)
    position, membership = next_id(Position), next_id(Membership)
    yield _rows(tables.USERS, people.user_rows(population, history, user, plan.dice("people")))
    yield _rows(
        tables.ORGANIZATIONS,
        groups.organization_rows(group, lists, history, organization, user, plan.dice("organizations")),
    )
    categories = groups.category_rows(group, lists, organization, plan.dice("categories"))
    yield tables.ORGANIZATION_CATEGORIES, categories
    yield _rows(tables.CUSTOM_FIELDS, groups.custom_field_rows(group, organization, field, plan.dice("custom fields")))
    yield _rows(
        tables.POSITIONS,
        groups.position_rows(group, lists, history, position, organization, plan.dice("positions")),
    )
    yield tables.MEMBERSHIPS, rosters.membership_rows(membership, position, user)
    yield tables.REFLECTIONS, rosters.reflections


def _silently(rows: int) -> None:
    """No progress to tell."""


def _rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> tuple[Table, Iterable[Row]]:
    return table, (table.row(values) for values in rows)
