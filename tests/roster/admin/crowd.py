"""A crowd around one row of every model: as many rows in its list, and as many that belong to it, as are asked for."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, Permission
from django.db.models import Model

from memberships.models import Membership
from organizations.models import (
    Category,
    CustomField,
    LimitedKey,
    Organization,
    OrganizationType,
    Position,
    PositionTemplate,
    PositionType,
)
from organizations.roster_order import order_key
from roster.models import ApiKey, User
from tests.lti.tool_crowd import ToolCrowd

START = dt.date(2020, 9, 1)


class Crowd:
    """Grows by `to`. `subject(model)` is the row that everything belongs to."""

    def __init__(self, root: User) -> None:
        self.root = root
        self.size = 0
        self.person = User.objects.create(username="subject", last_name="Subject")
        self.officer_type = PositionType.objects.create(name="Officer")
        self.template = PositionTemplate.objects.create(name="President", default_type=self.officer_type)
        self.kind = OrganizationType.objects.create(name="Club")
        self.organization = Organization.objects.create(name="Subject", type=self.kind, primary_contact=self.person)
        self.position = Position.objects.create(organization=self.organization, name="Subject", template=self.template)
        self.membership = Membership.objects.create(user=self.person, position=self.position, recorded_start=START)
        self.key, _ = ApiKey.create_bearer("Subject", audience="staff")
        self.group = Group.objects.create(name="Subject")
        self.category = Category.objects.create(name="Subject")
        self.field = CustomField.objects.create(organization=self.organization, name="Subject", values=["one"])
        self.limit = LimitedKey.objects.create(api_key=self.key, organization=self.organization)
        self.tools = ToolCrowd(self.person, self.organization)

    def grow(self, to: int) -> None:
        names = [f"{number:04}" for number in range(self.size, to)]
        self.size = to
        people = make(User, [{"username": name, "last_name": name} for name in names])
        words = make(PositionType, [{"name": name} for name in names])
        templates = make(
            PositionTemplate, [{"name": name, "default_type": word} for name, word in zip(names, words, strict=True)]
        )
        kinds = make(OrganizationType, [{"name": name} for name in names])
        organizations = make(
            Organization,
            [
                {"name": name, "type": kind, "parent": self.organization, "primary_contact": person}
                for name, kind, person in zip(names, kinds, people, strict=True)
            ],
        )
        here = self.make_positions([(self.organization, template) for template in templates])
        there = self.make_positions(list(zip(organizations, templates, strict=True)))
        held = [(self.person, position) for position in there]
        held += [(person, self.position) for person in people]
        held += list(zip(people, here, strict=True))
        flags = {"shown_on_campus": True, "shown_on_public": False}
        make(
            Membership,
            [{"user": user, "position": position, "recorded_start": START, **flags} for user, position in held],
        )
        make(CustomField, [{"organization": self.organization, "name": name, "values": [name]} for name in names])
        self.organization.categories.add(*make(Category, [{"name": name} for name in names]))
        make(ApiKey, [{"name": name, "prefix": name, "secret_hash": name} for name in names])
        make(LimitedKey, [{"api_key": self.key, "organization": organization} for organization in organizations])
        self.tools.grow(names, people, organizations)
        self.person.groups.add(*make(Group, [{"name": name} for name in names]))
        permissions = Permission.objects.order_by("pk")[:to]
        self.person.user_permissions.add(*permissions)
        self.group.permissions.add(*permissions)
        for row in self.subjects():
            LogEntry.objects.log_actions(self.root.pk, [row] * len(names), CHANGE, "Changed.")

    @staticmethod
    def make_positions(pairs: list[tuple[Organization, PositionTemplate]]) -> list[Position]:
        rows = [
            {
                "organization": organization,
                "template": template,
                "name": template.name,
                "type": template.default_type,
                "order_key": order_key(organization.name_folded, organization.pk, template.name),
            }
            for organization, template in pairs
        ]
        return make(Position, rows)

    def subjects(self) -> list[Model]:
        """One row of every model that the admin knows."""
        rows: list[Any] = [
            *(
                self.person,
                self.officer_type,
                self.template,
                self.kind,
                self.organization,
                self.position,
                self.membership,
            ),
            *(self.key, self.group, self.category, self.field, self.limit, Permission.objects.order_by("pk")[0]),
            *self.tools.subjects(),
        ]
        unknown = set(admin.site._registry) - {type(row) for row in rows}
        assert not unknown, f"tell the crowd how to make these: {unknown}"
        return rows


def make(model: Any, rows: list[dict[str, Any]]) -> list[Any]:
    """These rows, written in one go."""
    made: list[Any] = model._default_manager.bulk_create([model(**row) for row in rows])
    return made
