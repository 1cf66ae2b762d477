"""References in records to other rows: people, organizations, positions and rows of the campus-wide lists."""

import datetime as dt
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from memberships.importing.errors import ImportErrors, RecordLocation
from organizations.models import Category, OrganizationType, PositionTemplate, PositionType
from organizations.models.named_model import NamedModel
from roster.names import search_key


class Completeness(IntEnum):
    """How complete a reference is. Of equally complete ones the last is used."""

    MENTIONED = 0
    """Only an id and a name: a parent, a primary contact."""
    DESCRIBED = 1
    """From a membership."""
    IDENTIFIED = 2
    """From a membership that has the username too."""
    RECORDED = 3
    """From its own record."""


class PersonReference(NamedTuple):
    username: str
    first_name: str
    last_name: str
    campus_email: str


class OrganizationReference(NamedTuple):
    """An organization."""

    name: str
    short_name: str
    created_at: dt.datetime | None = None


class PositionReference(NamedTuple):
    """A position. A part that is None is not known."""

    organization_id: int | None
    template_id: int | None
    type_id: int | None
    name: str


class PersonMention(NamedTuple):
    rank: Completeness
    person: PersonReference
    where: RecordLocation


class OrganizationMention(NamedTuple):
    rank: Completeness
    organization: OrganizationReference
    where: RecordLocation


class PositionMention(NamedTuple):
    position: PositionReference
    where: RecordLocation


class ReferenceDataMention(NamedTuple):
    name: str
    where: RecordLocation


REFERENCE_MODELS: dict[type[NamedModel], str] = {
    OrganizationType: "typeId",
    Category: "categories",
    PositionType: "positionTypeId",
    PositionTemplate: "positionTemplateId",
}
"""The models of campus-wide lists, whose rows have no records of their own, and the key that refers to each."""


class References:
    """The most complete reference to each row, by id; contradictions are reported as errors."""

    def __init__(self, import_errors: ImportErrors, *, accept_renames: bool) -> None:
        self.import_errors = import_errors
        self.accept_renames = accept_renames
        self.people: dict[int, PersonMention] = {}
        self.ids_by_username: dict[str, int] = {}
        self.organizations: dict[int, OrganizationMention] = {}
        self.positions: dict[int, PositionMention] = {}
        """From memberships."""
        self.recorded_positions: dict[int, PositionMention] = {}
        """From their own records, which may be incomplete."""
        self.reference_mentions: dict[type[NamedModel], dict[int, ReferenceDataMention]] = {
            model: {} for model in REFERENCE_MODELS
        }

    def person(self, number: int, rank: Completeness, person: PersonReference, where: RecordLocation) -> None:
        mention = self.people.get(number)
        if mention is not None:
            if mention.person == person and mention.rank >= rank:
                return
            known, username = mention.person.username, person.username
            if known and username and search_key(known) != search_key(username):
                self.import_errors.add(
                    where, "username", f"User {number} is {known!r} in another record of this import."
                )
                return
            if rank < mention.rank:
                return
        self.people[number] = PersonMention(rank, person, where)
        if person.username:
            self._claim(person.username, number, where)

    def _claim(self, username: str, number: int, where: RecordLocation) -> None:
        owner = self.ids_by_username.setdefault(search_key(username), number)
        if owner != number:
            self.import_errors.add(
                where,
                "username",
                f"{username!r} is user {owner} in another record of this import, and here user {number}. Usernames "
                "must differ in more than letter case and accents.",
            )

    def organization(
        self, number: int, rank: Completeness, organization: OrganizationReference, where: RecordLocation
    ) -> None:
        mention = self.organizations.get(number)
        if mention is not None and not (
            organization.created_at and organization.created_at == mention.organization.created_at
        ):
            self._compare(
                f"Organization {number}", "organizationId", mention.organization.name, organization.name, where
            )
        if mention is None or (rank >= mention.rank and (organization.name or not mention.organization.name)):
            self.organizations[number] = OrganizationMention(rank, organization, where)

    def position(
        self, number: int, position_reference: PositionReference, where: RecordLocation, *, recorded: bool = False
    ) -> None:
        table = self.recorded_positions if recorded else self.positions
        mention = table.get(number)
        if mention is not None and mention.position == position_reference:
            return
        organization_id = self.organization_of(number)
        if (
            organization_id
            and position_reference.organization_id
            and organization_id != position_reference.organization_id
        ):
            self.import_errors.add(
                where,
                "organizationId",
                f"Position {number} is of organization {organization_id} in another record of this import.",
            )
            return
        table[number] = PositionMention(position_reference, where)

    def organization_of(self, position_id: int) -> int | None:
        """The id of the organization of a position; None if it is not known yet."""
        for table in (self.recorded_positions, self.positions):
            mention = table.get(position_id)
            if mention is not None and mention.position.organization_id is not None:
                return mention.position.organization_id
        return None

    def complete_position(self, number: int) -> PositionMention:
        """A position from its own record, with missing values from memberships."""
        recorded, described = self.recorded_positions.get(number), self.positions.get(number)
        if recorded is None:
            return self.positions[number]
        if described is None:
            return recorded
        own, other = recorded.position, described.position
        position_reference = PositionReference(
            own.organization_id or other.organization_id,
            own.template_id or other.template_id,
            own.type_id or other.type_id,
            own.name or other.name,
        )
        return PositionMention(position_reference, recorded.where)

    def position_ids(self) -> Iterator[int]:
        """The ids of all positions from records or memberships."""
        yield from self.recorded_positions
        yield from (number for number in self.positions if number not in self.recorded_positions)

    def reference_data(self, model: type[NamedModel], number: int, name: str, where: RecordLocation) -> None:
        mentions = self.reference_mentions[model]
        mention = mentions.get(number)
        if mention is not None:
            label = str(model._meta.verbose_name).capitalize()
            self._compare(f"{label} {number}", REFERENCE_MODELS[model], mention.name, name, where)
        if mention is None or (name and mention.name != name):
            mentions[number] = ReferenceDataMention(name, where)

    def _compare(self, what: str, key: str, known: str, name: str, where: RecordLocation) -> None:
        """Report an error if the same row has another name."""
        if known and name and known != name and not self.accept_renames and search_key(known) != search_key(name):
            self.import_errors.add(
                where,
                key,
                f"{what} is {known!r} in another record of this import, and {name!r} in this one. If it was renamed, "
                "give --accept-renames.",
            )
