"""The organizations of a synthetic campus and their positions: a few large organizations and many small ones."""

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from memberships.importing.bulk import Row, next_id
from memberships.synthetic.calendar import Calendar
from memberships.synthetic.people import Population
from memberships.synthetic.seeded_random import SeededRandom, apportion
from memberships.synthetic.word_lists import Namer, fold, initials
from organizations.models import Category, Organization, OrganizationType, PositionTemplate, PositionType
from organizations.roster_order import order_key

LIS_MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"


@dataclass(frozen=True)
class PositionKind:
    """A position template, and other names that organizations give such positions."""

    name: str
    type: str
    roles: tuple[str, ...]
    shown: tuple[bool | None, bool | None] = (None, None)
    aliases: tuple[str, ...] = ()

    @property
    def is_membership(self) -> bool:
        """Do many people hold it at the same time? An office is held by one person after another."""
        return self.type == "Member"


POSITION_KINDS = (
    PositionKind(
        "President", "Officer", ("#Officer", "/Officer#Chair"), (True, True), ("Chair", "Captain", "Président·e")
    ),
    PositionKind("Member", "Member", ("#Member",), (None, None), ("Participant", "Player", "Miembro")),
    PositionKind("Treasurer", "Officer", ("#Officer", "/Officer#Treasurer"), (True, False), ("Bursar", "Finance Lead")),
    PositionKind(
        "Secretary", "Officer", ("#Officer", "/Officer#Secretary"), (True, True), ("Scribe", "Schriftführung")
    ),
    PositionKind(
        "Vice President", "Officer", ("#Officer", "/Officer#Vice-Chair"), (True, True), ("Vice Chair", "Co-Captain")
    ),
    PositionKind("Advisor", "Advisor", ("#Mentor", "/Mentor#Advisor"), (True, True), ("Faculty Advisor", "Coach")),
    PositionKind(
        "Communications", "Officer", ("#Officer", "/Officer#Communications"), (True, True), ("Webmaster", "Editor")
    ),
    PositionKind("Manager", "Officer", ("#Manager",), (True, False), ("Coordinator", "Stage Manager")),
    PositionKind("Volunteer", "Member", ("#Member",), (True, None), ("Helper", "Étudiant bénévole")),
)
"""In the order in which a growing organization gets them."""

TYPES = (
    "Student Organization",
    "Department",
    "Fraternity and Sorority",
    "Residence Hall",
    "Sports Club",
    "Honor Society",
)
CATEGORIES = (
    *("Academic", "Arts", "Culture", "Faith", "Governance", "Médias", "Recreation", "Service", "Sports", "Wellness"),
)
STATUS_WEIGHTS = (*["active"] * 44, *["inactive"] * 4, "frozen", "locked")
MIN_FOR_HIDDEN = 5


@dataclass(frozen=True)
class ReferenceData:
    """Ids of the rows of the campus-wide lists, which are found by name or created."""

    templates: Mapping[str, int]
    types: Mapping[str, int]
    organization_types: tuple[int, ...]
    categories: tuple[int, ...]

    @classmethod
    def get_or_create(cls) -> "ReferenceData":
        types = {kind.type: _get_or_create(PositionType, kind.type) for kind in POSITION_KINDS}
        templates = {
            kind.name: _get_or_create(
                PositionTemplate,
                kind.name,
                default_type_id=types[kind.type],
                default_shown_on_campus=kind.shown[0],
                default_shown_on_public=kind.shown[1],
                lti_roles=[LIS_MEMBERSHIP + role for role in kind.roles],
            )
            for kind in POSITION_KINDS
        }
        return cls(
            templates=templates,
            types=types,
            organization_types=tuple(_get_or_create(OrganizationType, name) for name in TYPES),
            categories=tuple(_get_or_create(Category, name) for name in CATEGORIES),
        )


def _get_or_create(model: Any, name: str, **fields: Any) -> int:
    found = model.objects.named(name).order_by("id").first()
    return int((found or model.objects.create(id=next_id(model), name=name, **fields)).pk)


class SyntheticOrganizations:
    """Organizations with their sizes, contacts and positions, as numbers from 0. Rows are generated from them."""

    def __init__(self, number: int, memberships: int, population: Population, on: int, rng: SeededRandom) -> None:
        students = population.students(on)
        self.names = Namer(number, rng).names
        self.sizes = apportion(memberships, _weights(number, rng))
        self.contacts = array("l", (rng.choice(students) for _ in range(number)))
        self.organization_of = array("l")
        self.kind_of = bytearray()
        for organization, size in enumerate(self.sizes):
            for kind in range(_position_count(size)):
                self.organization_of.append(organization)
                self.kind_of.append(kind)

    def positions(self, rng: SeededRandom) -> "array[int]":
        """The position of every membership, in random order; at most half of an organization's are offices."""
        positions = array("l")
        first = 0
        for size in self.sizes:
            last = first + _position_count(size)
            offices = [index for index in range(first, last) if not POSITION_KINDS[self.kind_of[index]].is_membership]
            joined = [index for index in range(first, last) if POSITION_KINDS[self.kind_of[index]].is_membership]
            holders = min(10, size // 2 // len(offices))
            for index in offices:
                positions.extend([index] * holders)
            for index, number in zip(
                joined, apportion(size - holders * len(offices), [4, 1][: len(joined)]), strict=True
            ):
                positions.extend([index] * number)
            first = last
        rng.shuffle(positions)
        return positions


def _weights(number: int, rng: SeededRandom) -> list[int]:
    """Relative sizes of organizations in random order: the n-th largest has about 1/n, and one in fifty is empty."""
    head = max(1, number // 500)
    weights = [10_000_000 // (rank + head) if rank % 50 != 49 else 0 for rank in range(number)]
    rng.shuffle(weights)
    return weights


def _position_count(size: int) -> int:
    """The number of positions of an organization with so many memberships."""
    if size < 12:
        return 3
    return 6 if size < 600 else 8 if size < 2500 else 9


def synthetic_organizations(
    groups: SyntheticOrganizations,
    lists: ReferenceData,
    history: Calendar,
    first_id: int,
    first_user: int,
    rng: SeededRandom,
) -> Iterator[dict[str, Any]]:
    """Every organization as values of an `Organization`, with ids from `first_id`."""
    number = len(groups.names)
    hidden = max(1, number * 3 // 100) if number >= MIN_FOR_HIDDEN else 0
    for index, name in enumerate(groups.names):
        founded = rng.randrange(history.opening)
        changed = rng.randint(founded, history.today - 1)
        short_name = initials(name) if rng.chance(0.7) else ""
        # A child comes after its parent, so that a row refers only to rows that have been written before.
        parent = first_id + rng.randrange(index) if index and rng.chance(0.12) else None
        site = f"https://www.example.edu/organizations/{first_id + index}"
        created = history.instant(founded)
        modified = history.instant(changed) if changed > founded else created
        yield {
            "id": first_id + index,
            "name": name,
            "name_folded": fold(name),
            "short_name": short_name,
            "status": rng.choice(STATUS_WEIGHTS),
            "directory_visibility": _visibility(index * hidden // number != (index + 1) * hidden // number),
            "membership_type": rng.choice(("open", "open", "closed")),
            "type_id": rng.choice(lists.organization_types) if rng.chance(0.95) else None,
            "parent_id": parent,
            "primary_contact_id": first_user + groups.contacts[index] if rng.chance(0.8) else None,
            "summary": f"{name} on campus." if rng.chance(0.6) else "",
            "email": f"organization{first_id + index}@example.edu" if rng.chance(0.5) else "",
            "external_website": site if rng.chance(0.3) else "",
            "profile_url": site.removeprefix("https://"),
            "created_at": created,
            "modified_at": modified,
            "shown_modified_at": modified,
        }


def _visibility(is_hidden: bool) -> str:
    visibility = Organization.Visibility.HIDDEN if is_hidden else Organization.Visibility.VISIBLE
    return visibility.value


def synthetic_categories(
    groups: SyntheticOrganizations, lists: ReferenceData, first_id: int, rng: SeededRandom
) -> Iterator[Row]:
    """Up to three categories for every organization."""
    for index in range(len(groups.names)):
        for category in sorted({rng.choice(lists.categories) for _ in range(rng.randrange(4))}):
            yield first_id + index, category


def synthetic_custom_fields(
    groups: SyntheticOrganizations, first_id: int, first_field: int, rng: SeededRandom
) -> Iterator[dict[str, Any]]:
    """A custom field for every third organization, public or not."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    for number, index in enumerate(range(0, len(groups.names), 3)):
        is_public = rng.chance(0.6)
        value = rng.choice(days) if is_public else f"B-{rng.randint(100, 999)}"
        yield {
            "id": first_field + number,
            "organization_id": first_id + index,
            "name": "Meeting days" if is_public else "Budget code",
            "values": f'["{value}"]',
            "is_public": is_public,
        }


def synthetic_positions(
    groups: SyntheticOrganizations,
    lists: ReferenceData,
    history: Calendar,
    first_id: int,
    first_organization: int,
    rng: SeededRandom,
) -> Iterator[dict[str, Any]]:
    """Every position as values of a `Position`, with ids from `first_id`."""
    for index, organization in enumerate(groups.organization_of):
        kind = POSITION_KINDS[groups.kind_of[index]]
        name = rng.choice(kind.aliases) if rng.chance(0.12) else kind.name
        made = history.instant(rng.randrange(history.opening))
        yield {
            "id": first_id + index,
            "organization_id": first_organization + organization,
            "template_id": lists.templates[kind.name],
            "type_id": lists.types[kind.type],
            "name": name,
            "name_folded": fold(name),
            "order_key": order_key(fold(groups.names[organization]), first_organization + organization, name),
            "is_active": not rng.chance(0.03),
            "created_at": made,
            "modified_at": made,
        }
