"""A campus in which everything that decides about privacy occurs in every combination, and what is true of it.

Every text on it is a unique token like `qz042un`, so that the bytes of a response show which fields it contains.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, field

from memberships.models import Membership, Reflection
from organizations.models import CustomField, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User

DAY = dt.date(2025, 5, 1)


def token(number: int, what: str) -> str:
    """The text of one row for one purpose; `what` is two letters."""
    return f"qz{number:03}{what}"


@dataclass(eq=False)
class Person:
    number: int
    is_confidential: bool = False
    id: int = 0

    @property
    def preferred(self) -> str:
        """Every other person has a preferred name; the order of these names is not that of the names on record."""
        return token(999 - self.number, "pf") if self.number % 2 else ""

    @property
    def known_as(self) -> str:
        return self.preferred or self.on_record

    @property
    def on_record(self) -> str:
        return token(self.number, "rf")

    @property
    def last(self) -> str:
        """Shared by four, so that first names decide about the order too."""
        return token(self.number // 4, "ln")


@dataclass(eq=False)
class CampusOrganization:
    """An organization with one position."""

    number: int
    is_hidden: bool = False
    is_in_limit: bool = False
    parent: "CampusOrganization | None" = None
    contact: Person | None = None
    id: int = 0
    position_id: int = 0


@dataclass(eq=False)
class Holding:
    """A membership."""

    number: int
    person: Person
    organization: CampusOrganization
    on_campus: bool
    to_public: bool
    is_deleted: bool
    id: int = 0


@dataclass
class Campus:
    people: list[Person] = field(default_factory=list)
    organizations: list[CampusOrganization] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)

    def person(self, *, is_confidential: bool = False) -> Person:
        self.people.append(Person(len(self.people), is_confidential))
        return self.people[-1]

    def organization(self, *, is_hidden: bool = False, is_in_limit: bool = False) -> CampusOrganization:
        # numbers that jump about, so that the order of names is not that of ids
        self.organizations.append(CampusOrganization(len(self.organizations) * 37 % 101, is_hidden, is_in_limit))
        return self.organizations[-1]

    def holding(
        self, person: Person, organization: CampusOrganization, on_campus: bool, to_public: bool, is_deleted: bool
    ) -> Holding:
        self.holdings.append(Holding(len(self.holdings), person, organization, on_campus, to_public, is_deleted))
        return self.holdings[-1]


BOTH = (False, True)


def unsaved() -> Campus:
    """The campus, before it is written."""
    campus = Campus()
    for hidden, limited, on_campus, to_public, deleted, confidential in itertools.product(BOTH, repeat=6):
        organization = campus.organization(is_hidden=hidden, is_in_limit=limited)
        organization.contact = campus.person(is_confidential=confidential)
        campus.holding(organization.contact, organization, on_campus, to_public, deleted)
    # every kind of organization has a parent of every kind
    for number, organization in enumerate(campus.organizations):
        organization.parent = campus.organizations[number * 27 % 64 - 16]
        if organization.parent is organization:
            organization.parent = None
    first, second = (campus.organization(is_in_limit=limited) for limited in BOTH)
    elsewhere = campus.person()  # a contact who belongs to the other organization only
    first.contact = elsewhere
    campus.holding(elsewhere, second, True, True, False)
    several = campus.person()  # seen through one of many
    for number, organization in enumerate(campus.organizations[:64:9]):
        campus.holding(several, organization, number == 0, number == 3, number == 2)
    campus.person()  # nobody's member
    campus.person(is_confidential=True)
    return campus


def written() -> Campus:
    """The campus, in the database."""
    campus = unsaved()
    member = PositionType.objects.create(name="Member")
    template = PositionTemplate.objects.create(name="Member", default_type=member)
    kind = OrganizationType.objects.create(name="Student Organization")
    for person in campus.people:
        person.id = write_person(person)
    for organization in campus.organizations:
        organization.id, organization.position_id = write_organization(organization, kind, template)
    for organization in campus.organizations:
        Organization.objects.filter(pk=organization.id).update(parent_id=organization.parent and organization.parent.id)
    for holding in campus.holdings:
        holding.id = write_holding(holding)
    return campus


def write_person(person: Person) -> int:
    number = person.number
    text = {
        what: token(number, what) for what in ("un", "ce", "pe", "cd", "mp", "mn", "si", "af", "es", "cs", "so", "cf")
    }
    user = User(
        username=text["un"],
        first_name=person.on_record,
        preferred_first_name=person.preferred,
        last_name=person.last,
        middle_name=text["mn"],
        campus_email=f"{text['ce']}@example.edu",
        preferred_email=f"{text['pe']}@example.org",
        card_id=text["cd"],
        mobile_phone=text["mp"],
        sis_id=text["si"],
        affiliation=text["af"],
        enrollment_status=text["es"],
        class_standing=text["cs"],
        school=text["so"],
        picture_url=f"https://example.edu/{token(number, 'pu')}",
        custom_fields=[{"name": "Hall", "value": [text["cf"]]}],
        is_confidential=person.is_confidential,
        last_login=dt.datetime(2025, 4, 28, 14, 0, tzinfo=dt.UTC),
    )
    user.set_unusable_password()
    user.save()
    return user.pk


def write_organization(
    organization: CampusOrganization, kind: OrganizationType, template: PositionTemplate
) -> tuple[int, int]:
    row = Organization.objects.create(
        name=token(organization.number, "on"),
        short_name=token(organization.number, "os"),
        directory_visibility="hidden" if organization.is_hidden else "visible",
        type=kind,
        primary_contact_id=organization.contact.id if organization.contact else None,
    )
    for is_public in BOTH:
        what = "op" if is_public else "oi"
        CustomField.objects.create(
            organization=row, name=what, values=[token(organization.number, what)], is_public=is_public
        )
    position = Position.objects.create(organization=row, name=token(organization.number, "pn"), template=template)
    return row.pk, position.pk


def write_holding(holding: Holding) -> int:
    membership = Membership.objects.create(
        user_id=holding.person.id,
        position_id=holding.organization.position_id,
        recorded_start=DAY,
        reported_start=DAY,
        reported_end=DAY,
        shown_on_campus=holding.on_campus,
        shown_on_public=holding.to_public,
    )
    Reflection.objects.create(membership=membership, text=token(holding.number, "mr"))
    if holding.is_deleted:
        membership.delete()
    return membership.pk
