"""Generates a whole campus (people, organizations, positions, memberships) and writes it in one transaction."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from memberships.importing.bulk import Row, Table, next_id
from memberships.importing.deferred_indexes import (
    analyze,
    are_empty,
    deferred_indexes,
    reset_sequences,
    set_constraints_immediate,
)
from memberships.models import Membership
from memberships.synthetic import organizations, people, tables
from memberships.synthetic.calendar import Calendar
from memberships.synthetic.memberships import SyntheticMemberships
from memberships.synthetic.seeded_random import SeededRandom
from organizations.models import CustomField, Organization, Position
from roster.history import change_tracking
from roster.models import User


@dataclass(frozen=True)
class CampusSpec:
    """The parameters of a campus. The same parameters give the same ids and values in an empty database."""

    users: int
    organizations: int
    memberships: int
    seed: int
    today: dt.date
    """The current day of the campus: nothing was entered or changed on this day or later."""

    def rng(self, subject: str) -> SeededRandom:
        """The random numbers for one subject, independent of those for the others."""
        return SeededRandom(self.seed * len(STREAMS) + STREAMS.index(subject))


STREAMS = ("days", "people", "groups", "organizations", "categories", "custom fields", "positions", "memberships")

COUNTED = (tables.USERS, tables.ORGANIZATIONS, tables.MEMBERSHIPS)
"""The tables whose numbers of rows are parameters."""


def write_campus(plan: CampusSpec, progress: Callable[[int], object]) -> None:
    """Write the campus in one transaction, with ids after all existing ones.

    `progress` is called with numbers of rows of the tables in `COUNTED`.
    """
    with transaction.atomic():
        set_constraints_immediate()
        with deferred_indexes(tables.MODELS if are_empty(tables.MODELS) else ()):
            for table, rows in generate(plan):
                table.write(rows, progress if table in COUNTED else _silently)
        reset_sequences([*tables.LISTS, *tables.MODELS])
        change_tracking.log_change()
    analyze(tables.MODELS)


def generate(plan: CampusSpec) -> Iterator[tuple[Table, Iterable[Row]]]:
    """Create the campus-wide lists, and generate the tables and their rows so that rows refer only to earlier ones."""
    lists = organizations.ReferenceData.get_or_create()
    history = Calendar(plan.today, plan.rng("days"))
    population = people.Population(plan.users, history)
    group = organizations.SyntheticOrganizations(
        plan.organizations, plan.memberships, population, history.today - 1, plan.rng("groups")
    )
    rosters = SyntheticMemberships(group, population, history, plan.rng("memberships"))
    user, organization, field = next_id(User), next_id(Organization), next_id(CustomField)
    position, membership = next_id(Position), next_id(Membership)
    yield _rows(tables.USERS, people.synthetic_users(population, history, user, plan.rng("people")))
    yield _rows(
        tables.ORGANIZATIONS,
        organizations.synthetic_organizations(group, lists, history, organization, user, plan.rng("organizations")),
    )
    categories = organizations.synthetic_categories(group, lists, organization, plan.rng("categories"))
    yield tables.ORGANIZATION_CATEGORIES, categories
    yield _rows(
        tables.CUSTOM_FIELDS,
        organizations.synthetic_custom_fields(group, organization, field, plan.rng("custom fields")),
    )
    yield _rows(
        tables.POSITIONS,
        organizations.synthetic_positions(group, lists, history, position, organization, plan.rng("positions")),
    )
    yield tables.MEMBERSHIPS, rosters.membership_rows(membership, position, user)
    yield tables.REFLECTIONS, rosters.reflections


def _silently(rows: int) -> None:
    """A callback that reports no progress."""


def _rows(table: Table, rows: Iterable[Mapping[str, Any]]) -> tuple[Table, Iterable[Row]]:
    return table, (table.row(values) for values in rows)
