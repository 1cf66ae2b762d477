"""One row of each model of a roster, and functions that add any number of rows to each relation."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from django.apps import apps

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
from tests.sample_data import CREATED


class SampleOrganization:
    """One row of each model: an organization under another, a member of it, and keys that are limited to it."""

    def __init__(self) -> None:
        self.type, self.label = OrganizationType.objects.create(name="Club"), PositionType.objects.create(name="Member")
        self.template = PositionTemplate.objects.create(name="Member", default_type=self.label)
        self.category = Category.objects.create(name="Arts")
        self.person = User.objects.create(username="amara", first_name="Amara", last_name="Okafor")
        self.parent = Organization.objects.create(name="Union", type=self.type)
        self.organization = Organization.objects.create(
            name="Chess Club", type=self.type, parent=self.parent, primary_contact=self.person
        )
        self.organization.categories.add(self.category)
        CustomField.objects.create(organization=self.organization, name="Days", is_public=True)
        self.position = Position.objects.create(organization=self.organization, template=self.template, name="Member")
        self.membership = self.memberships(1)[0]
        self.limited, limited = ApiKey.create_bearer("limited", audience="campus", rate=10**6)
        self.keys = [limited, ApiKey.create_bearer("staff", audience="staff", rate=10**6)[1]]
        LimitedKey.objects.create(api_key=self.limited, organization=self.organization)

    def number_of(self, path: str) -> int:
        """The id that a path of an item is tried with."""
        items = {
            "/api/memberships/{id}": self.membership,
            "/api/organizations/{id}": self.organization,
            "/api/positions/{id}": self.position,
            "/api/users/{id}": self.person,
        }
        return int(items[path].pk)

    def memberships(self, size: int) -> list[Any]:
        return self.memberships_in(self.position, size)

    def memberships_elsewhere(self, size: int) -> list[Any]:
        """Memberships of the person in another organization."""
        organization = Organization.objects.create(name="Another club", type=self.type)
        position = Position.objects.create(organization=organization, template=self.template, name="Member")
        return self.memberships_in(position, size)

    def memberships_in(self, position: Position, size: int) -> list[Any]:
        fields: dict[str, Any] = {"recorded_start": CREATED.date(), "shown_on_campus": True, "shown_on_public": True}
        return Membership.objects.bulk_create(
            Membership(user=self.person, position=position, **fields) for _ in range(size)
        )

    def organizations(self, size: int, **fields: Any) -> list[Any]:
        made = Organization.objects.bulk_create(Organization(name=f"Club {n}", **fields) for n in range(size))
        self.positions(1, *made)
        return made

    def positions(self, size: int, *organizations: Any) -> None:
        Position.objects.bulk_create(
            Position(
                organization=organization,
                template=self.template,
                type=self.label,
                name=f"Seat {n}",
                order_key=order_key(organization.name_folded, organization.pk, f"Seat {n}"),
            )
            for organization in organizations
            for n in range(size)
        )

    def categories(self, size: int) -> None:
        self.organization.categories.add(*Category.objects.bulk_create(Category(name=f"C {n}") for n in range(size)))

    def custom_fields(self, size: int) -> None:
        CustomField.objects.bulk_create(
            CustomField(organization=self.organization, name=f"F {size} {n}", values=["a"], is_public=True)
            for n in range(size)
        )

    def limits(self, size: int) -> None:
        LimitedKey.objects.bulk_create(
            LimitedKey(api_key=self.limited, organization=one) for one in self.organizations(size)
        )

    def limited_keys(self, size: int) -> None:
        for number in range(size):
            key, _ = ApiKey.create_bearer(f"limited {number}", audience="campus")
            LimitedKey.objects.create(api_key=key, organization=self.organization)

    def templates(self, size: int) -> None:
        PositionTemplate.objects.bulk_create(
            PositionTemplate(name=f"T {n}", default_type=self.label) for n in range(size)
        )


DIMENSIONS: dict[str, Callable[[SampleOrganization, int], Any]] = {
    "user.memberships": SampleOrganization.memberships_elsewhere,
    "user.primary_contact_of": lambda sample, size: sample.organizations(size, primary_contact=sample.person),
    "apikey.organizations": SampleOrganization.limits,
    "organizationtype.organizations": lambda sample, size: sample.organizations(size, type=sample.type),
    "category.organizations": lambda sample, size: sample.category.organizations.add(*sample.organizations(size)),
    "organization.children": lambda sample, size: sample.organizations(size, parent=sample.organization),
    "organization.categories": SampleOrganization.categories,
    "organization.custom_fields": SampleOrganization.custom_fields,
    "organization.positions": lambda sample, size: sample.positions(size, sample.organization),
    "organization.limited_keys": SampleOrganization.limited_keys,
    "positiontype.templates": SampleOrganization.templates,
    "positiontype.positions": lambda sample, size: sample.positions(size, sample.organization),
    "positiontemplate.positions": lambda sample, size: sample.positions(size, sample.organization),
    "position.memberships": SampleOrganization.memberships,
}
"""By the name of a relation: how to make more rows of it."""


def relations(of: Collection[str], to: Collection[str]) -> Iterator[str]:
    """The relations by which a row of a model of some apps has many others, of models of some apps."""
    for label in of:
        for model in apps.get_app_config(label).get_models():
            fields: Any = model._meta.get_fields()
            for field in fields:
                is_meant = field.is_relation and field.related_model._meta.app_label in to
                if is_meant and (field.one_to_many or field.many_to_many):
                    name = field.get_accessor_name() if field.auto_created else field.name
                    yield f"{model._meta.model_name}.{name}"
