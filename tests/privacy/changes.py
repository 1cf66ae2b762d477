"""A change of each column of each model, in a row that everybody may see and in one that is withheld."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from lti.models import Deployment, Tool
from memberships.models import Membership, Reflection
from organizations.models import CustomField, LimitedKey, Organization, Position
from roster.models import ApiKey, ChangeTracked, User
from roster.names import SearchKeyField
from roster.reads import list_cache
from tests.privacy.askers import Asker, ToolAsking, everybody
from tests.sample_data import CREATED, MODIFIED, SampleData, membership, organization, person, position

MODELS = [model for model in apps.get_models() if issubclass(model, ChangeTracked)]

TIMES = {"modified_at", "shown_modified_at"}

SET_BY_OTHERS = {"roster.User": {"attribute_times"}, "organizations.Position": {"order_key"}}
"""Columns that follow others, and are not changed alone; folded forms are found by their class."""


@dataclass(frozen=True, eq=False)
class Change:
    """Another valid value of one column in one row."""

    row: Any
    column: Any
    number: int
    is_withheld: bool
    value: Any = field(init=False)

    def __post_init__(self) -> None:
        value = another(self.row, self.column, self.mark)
        assert value != getattr(self.row, self.column.attname)
        object.__setattr__(self, "value", value)

    @property
    def mark(self) -> str:
        """A text that only the new value contains, if it is a text."""
        return f"qz{self.number:03}"

    @property
    def is_marked(self) -> bool:
        return self.mark in str(self.value)

    def __str__(self) -> str:
        return f"{self.row._meta.label}.{self.column.name}{' withheld' if self.is_withheld else ''}"


def another(row: Any, column: Any, mark: str) -> Any:
    """Another valid value of a column, with the mark where it is a text."""
    now = getattr(row, column.attname)
    special = {
        "password": "!",
        "deleted_at": None if now else ANOTHER_INSTANT,
        "networks": ["127.0.0.0/8"],
        "values": [mark],
        "lti_roles": [f"https://example.edu/{mark}"],
        "custom_fields": [{"name": mark, "value": ["Value"]}],
    }
    if column.name in special:
        return special[column.name]
    if column.is_relation:
        others = column.related_model._default_manager.exclude(pk=now).exclude(pk=row.pk)
        return others.order_by("pk").first().pk
    if column.choices:
        return next(code for code, _ in column.choices if code != now)
    return next(make(now, mark) for kind, make in BY_CLASS.items() if isinstance(column, kind))


ANOTHER_INSTANT = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)

BY_CLASS: dict[type[models.Field], Callable[[Any, str], Any]] = {
    models.BooleanField: lambda now, mark: not now,
    models.DateTimeField: lambda now, mark: ANOTHER_INSTANT,
    models.DateField: lambda now, mark: (now or dt.date(2075, 6, 1)) + dt.timedelta(days=1),
    models.IntegerField: lambda now, mark: now + 1,
    models.GenericIPAddressField: lambda now, mark: None,
    models.EmailField: lambda now, mark: f"{mark}@example.edu",
    models.URLField: lambda now, mark: f"https://example.edu/{mark}",
    models.Field: lambda now, mark: f"{now} {mark}".strip(),
}
"""Another value from the present one and the mark, by the class of a column; the first that fits."""


def changes_of(rows: Iterable[Any], *, is_withheld: bool, first: int) -> list[Change]:
    """A change of every column that can change alone."""
    columns = [
        (row, column)
        for row in rows
        for column in row._meta.concrete_fields
        if not (column.primary_key or isinstance(column, SearchKeyField) or column.name in TIMES)
        and column.name not in SET_BY_OTHERS.get(row._meta.label, ())
    ]
    return [Change(row, column, number, is_withheld) for number, (row, column) in enumerate(columns, first)]


@contextmanager
def made(changes: Iterable[Change]) -> Iterator[set[str]]:
    """Within it, these are made; the tables that they concern."""
    tables = set()
    changes = sorted(changes, key=lambda change: change.number)  # those of a row together
    with transaction.atomic():
        for _, of_row in groupby(changes, key=lambda change: change.row):
            together = list(of_row)
            row = type(together[0].row)._default_manager.get(pk=together[0].row.pk)
            for change in together:
                setattr(row, change.column.attname, change.value)
            row.save(update_fields=[change.column.name for change in together])
            tables.add(row._meta.db_table)
        list_cache.clear()  # what is taken back was never noted as a change
        try:
            yield tables
        finally:
            transaction.set_rollback(True)
    list_cache.clear()


class Story:
    """The sample data with rows to change, and all callers; the responses to each before any change."""

    def __init__(self, sample: SampleData) -> None:
        self.sample = sample
        self.members = self.changed_members(first=900)
        self.shown, self.withheld = self.rows_to_change()
        self.askers = everybody(sample.chess_club, sample.farid, sample.nadia, self.ids_to_ask_for())
        self.tools = [asker for asker in self.askers if isinstance(asker, ToolAsking)]
        for tool in self.tools:
            tool.read_everything()
        self.withhold()
        self.set_times()
        seen = changes_of(self.shown, is_withheld=False, first=100)
        self.changes = seen + changes_of(self.withheld, is_withheld=True, first=100 + len(seen))
        for tool in self.tools:
            tool.read_everything()  # and that some are gone
        for asker in self.askers:
            asker.look()

    def rows_to_change(self) -> tuple[list[Any], list[Any]]:
        """A row of each model that is disclosed to everybody, and of some that only staff see."""
        sample = self.sample
        sample.chess_club.categories.add(sample.arts)
        self.removed_person = person("gone.person", "Gone", "Person", middle_name="Quiet")
        self.gone_membership = membership(self.removed_person, sample.chess_member, "2024-09-05", flags="CP")
        self.deleted = membership(sample.kofi, sample.chess_member, "2024-09-05", flags="CP")
        other = position(organization("Other Club"), "Other seat", sample.treasurer_kind)
        membership(person("other.person", "Other", "Person"), other, "2024-09-05", flags="CP")
        fields = CustomField.objects.filter(organization=sample.chess_club).order_by("-is_public")
        shown = [
            *(sample.farid_chess, sample.chess_club, sample.chess_member, sample.member_kind, sample.membership),
            *(sample.student_organization, sample.arts, fields[0], sample.farid),
            Reflection.objects.create(membership=sample.farid_chess, text="Check."),
            LimitedKey.objects.create(api_key=ApiKey.create_bearer("Other")[0], organization=sample.chess_club),
        ]
        withheld = [
            *(
                self.removed_person,
                self.gone_membership,
                self.deleted,
                sample.night_owls,
                sample.listener,
                fields[1],
            ),
            Reflection.objects.create(membership=self.deleted, text="Check."),
        ]
        return shown, withheld

    def changed_members(self, first: int) -> list[tuple[Change, User]]:
        """A change of each column of people and memberships, each of a different person, to see each one separately."""
        patterns = changes_of([self.sample.farid, self.sample.farid_chess], is_withheld=False, first=first)
        members = []
        for pattern in patterns:
            user = person(f"member.{pattern.number}", "Member", str(pattern.number))
            held = membership(user, self.sample.chess_member, "2024-09-05", flags="CP")
            row = user if isinstance(pattern.row, User) else held
            members.append((Change(row, pattern.column, pattern.number, is_withheld=False), user))
        return members

    def ids_to_ask_for(self) -> dict[str, list[int]]:
        sample = self.sample
        return {
            "/api/memberships/{id}": [sample.farid_chess.pk, self.gone_membership.pk, self.deleted.pk],
            "/api/organizations/{id}": [sample.chess_club.pk, sample.night_owls.pk],
            "/api/positions/{id}": [sample.chess_member.pk, sample.listener.pk],
            "/api/users/{id}": [sample.farid.pk, self.removed_person.pk],
        }

    def withhold(self) -> None:
        """Delete the records of what was disclosed to tools."""
        User.objects.filter(pk=self.removed_person.pk).update(is_confidential=True)
        self.deleted.delete()
        for row in self.withheld:
            row.refresh_from_db()

    def set_times(self) -> None:
        """All was made and last changed long ago; tools and what they are used in, a day ago."""
        for model in (User, Organization, Position, Membership):
            model.objects.update(created_at=CREATED, modified_at=MODIFIED)
        for used in (Tool, Deployment):
            used.objects.update(modified_at=timezone.now() - dt.timedelta(days=1))

    def asker(self, name: str) -> Asker:
        return next(asker for asker in self.askers if asker.name == name)
