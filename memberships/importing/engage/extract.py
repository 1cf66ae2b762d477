"""The first reading of an import: it checks every record and collects the references in the records."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

from memberships.importing.engage.record_fields import Texts
from memberships.importing.engage.record_kinds import AddError, RecordKind, id_of, kind_of
from memberships.importing.engage.records import RecordReader
from memberships.importing.engage.references import (
    Completeness,
    OrganizationReference,
    PersonReference,
    PositionReference,
    References,
)
from memberships.importing.engage.sources import Source
from memberships.importing.engage.values import Reader, read_optional_id
from memberships.importing.errors import ImportErrors, InvalidValue, RecordLocation
from memberships.importing.id_set import IdSet
from memberships.importing.upsert import RecordValues
from organizations.models import Category, Organization, OrganizationType, Position, PositionTemplate, PositionType
from roster.models import User

Records = Iterator[tuple[int, RecordValues]]


class Contents(NamedTuple):
    """A source that was read once, and its number of records of each kind."""

    source: Source
    counts: dict[RecordKind, int]


class Extraction:
    """All sources of one import, read once."""

    def __init__(
        self,
        sources: Iterable[Source],
        import_errors: ImportErrors,
        *,
        floor_dates: bool,
        accept_renames: bool,
        accept_merges: bool,
    ) -> None:
        self.floor_dates = floor_dates
        self.accept_merges = accept_merges
        self.import_errors = import_errors
        self.references = References(import_errors, accept_renames=accept_renames)
        self.reader = RecordReader(floor_dates=floor_dates)
        self.contents = [Contents(source, {}) for source in sources]
        self.ids = {kind: IdSet() for kind in RecordKind}
        """Ids that have a record."""
        self.last: dict[RecordKind, dict[int, RecordLocation]] = {kind: {} for kind in RecordKind}
        """The location of the last record of each id that has several."""
        self.repeated = 0
        self.users = 0
        """Number of people with a record."""
        self.users_announced: int | None = None
        """The largest total of users in the responses; None if no response has a total."""
        self._texts = ReferenceTexts()
        self._take: dict[RecordKind, Callable[[int, RecordValues, dict[str, Any], RecordLocation, AddError], None]] = {
            RecordKind.MEMBERSHIP: self._extract_membership,
            RecordKind.POSITION: self._take_position,
            RecordKind.ORGANIZATION: self._take_organization,
            RecordKind.USER: self._take_user,
        }
        import_errors.names = [source.name for source, _ in self.contents]

    def total(self, kind: RecordKind) -> int:
        """The number of records of a kind, including repeated ones."""
        return sum(counts.get(kind, 0) for _, counts in self.contents)

    def read(self, advance: Callable[[], object]) -> None:
        """Read every source; `advance` is called after each."""
        for number, (source, counts) in enumerate(self.contents):
            try:
                index = 0
                for answer in source.answers():
                    for index, data in enumerate(answer.items, start=index + 1):  # noqa: B020 (continues the count)
                        self._read_record(data, RecordLocation(number, index), counts)
                    if answer.total is not None and answer.items and kind_of(answer.items[0]) is RecordKind.USER:
                        self.users_announced = max(answer.total, self.users_announced or 0)
            except InvalidValue as error:
                self.import_errors.add_to_source(str(error))
            advance()

    def _read_record(self, data: Any, where: RecordLocation, counts: dict[RecordKind, int]) -> None:
        add_error = partial(self.import_errors.add, where)
        kind = kind_of(data)
        if kind is None:
            keys = ", ".join(kind.id_key for kind in RecordKind)
            self.import_errors.add(
                where, "the record", f"One of the keys {keys} is needed, which determines the kind of the record."
            )
            return
        counts[kind] = counts.get(kind, 0) + 1
        number = id_of(kind, data, add_error)
        values = self.reader.read(kind, data, add_error)
        self.reader.count_ignored(kind, data)
        if number is not None:
            if number in self.ids[kind]:
                self.repeated += 1
                self.last[kind][number] = where
            elif kind is RecordKind.USER:
                self.users += 1
            self.ids[kind].add(number)
            self._take[kind](number, values, data, where, add_error)

    def records(self, kind: RecordKind) -> Iterator[tuple[int, RecordValues, RecordLocation, bool]]:
        """The second reading: id, values and location of each valid record of a kind.

        The last value is False for a record that is replaced by a later one with the same id.
        """
        reader = RecordReader(floor_dates=self.floor_dates)
        last = self.last[kind]
        for source_number, (source, counts) in enumerate(self.contents):
            if kind not in counts:
                continue
            for index, data in enumerate(source.records(), start=1):
                if kind_of(data) is kind:
                    where, wrong = RecordLocation(source_number, index), list[str]()

                    def add_error(field: str, sentence: str, wrong: list[str] = wrong) -> None:
                        wrong.append(field)

                    number = id_of(kind, data, add_error)
                    values = reader.read(kind, data, add_error)
                    if number is not None and not wrong:
                        yield number, values, where, last.get(number, where) == where

    def _extract_membership(
        self, number: int, values: RecordValues, data: dict[str, Any], where: RecordLocation, add_error: AddError
    ) -> None:
        texts, references = self._texts, self.references
        read = partial(read_or_add_error, data=data, add_error=add_error)
        person = PersonReference(
            read(texts.username, "username"),
            read(texts.first_name, "userFirstName"),
            read(texts.last_name, "userLastName"),
            read(texts.campus_email, "userCampusEmail"),
        )
        organization = OrganizationReference(
            read(texts.organization, "organizationName"), read(texts.short_name, "organizationShortName")
        )
        position_reference = PositionReference(
            read(read_optional_id, "organizationId"),
            read(read_optional_id, "positionTemplateId"),
            read(read_optional_id, "positionTypeId"),
            read(texts.position, "positionName"),
        )
        if "user_id" in values:
            rank = Completeness.IDENTIFIED if person.username else Completeness.DESCRIBED
            references.person(values["user_id"], rank, person, where)
        if "position_id" in values:
            references.position(values["position_id"], position_reference, where)
        if position_reference.organization_id is not None:
            references.organization(position_reference.organization_id, Completeness.DESCRIBED, organization, where)
        self._extract_position_references(position_reference, read, where)

    def _take_position(
        self, number: int, values: RecordValues, data: dict[str, Any], where: RecordLocation, add_error: AddError
    ) -> None:
        read = partial(read_or_add_error, data=data, add_error=add_error)
        organization_id, template_id = values.get("organization_id"), values.get("template_id")
        position_reference = PositionReference(
            organization_id, template_id, values.get("type_id"), values.get("name", "")
        )
        self.references.position(number, position_reference, where, recorded=True)
        if position_reference.organization_id is not None:
            organization = OrganizationReference(read(self._texts.organization, "organizationName"), "")
            self.references.organization(
                position_reference.organization_id, Completeness.MENTIONED, organization, where
            )
        self._extract_position_references(position_reference, read, where)

    def _extract_position_references(
        self, position_reference: PositionReference, read: Callable[..., Any], where: RecordLocation
    ) -> None:
        texts, references = self._texts, self.references
        if position_reference.template_id is not None:
            name = read(texts.template, "positionTemplateName")
            references.reference_data(PositionTemplate, position_reference.template_id, name, where)
        if position_reference.type_id is not None:
            references.reference_data(
                PositionType, position_reference.type_id, read(texts.position_type, "positionTypeName"), where
            )

    def _take_organization(
        self, number: int, values: RecordValues, data: dict[str, Any], where: RecordLocation, add_error: AddError
    ) -> None:
        texts, references = self._texts, self.references
        read = partial(read_or_add_error, data=data, add_error=add_error)
        organization = OrganizationReference(values.get("name", ""), "", values.get("created_at"))
        references.organization(number, Completeness.RECORDED, organization, where)
        if values.get("parent_id") is not None:
            parent = OrganizationReference(read(texts.organization, "parentName"), "")
            references.organization(values["parent_id"], Completeness.MENTIONED, parent, where)
        if values.get("primary_contact_id") is not None:
            first, last = read(texts.contact, "primaryContactName") or ("", "")
            contact = PersonReference("", first, last, read(texts.campus_email, "primaryContactCampusEmail"))
            references.person(values["primary_contact_id"], Completeness.MENTIONED, contact, where)
        if values.get("type_id") is not None:
            references.reference_data(OrganizationType, values["type_id"], read(texts.type, "typeName"), where)
        for category_id, name in values.get("categories", {}).items():
            references.reference_data(Category, category_id, name, where)

    def _take_user(
        self, number: int, values: RecordValues, data: dict[str, Any], where: RecordLocation, add_error: AddError
    ) -> None:
        if "username" in values:
            self.references.person(
                number, Completeness.RECORDED, PersonReference(values["username"], "", "", ""), where
            )


class ReferenceTexts:
    """Readers of the texts of references. The texts may be blank, because existing rows need no description."""

    def __init__(self) -> None:
        texts = Texts()
        self.username = texts.of(User, "username", needed=False)
        self.first_name = texts.of(User, "first_name")
        self.last_name = texts.of(User, "last_name")
        self.contact = ContactName(self.first_name, self.last_name)
        self.campus_email = texts.of(User, "campus_email")
        self.organization = texts.of(Organization, "name", needed=False)
        self.short_name = texts.of(Organization, "short_name")
        self.position = texts.of(Position, "name", needed=False)
        self.template = texts.of(PositionTemplate, "name", needed=False)
        self.position_type = texts.of(PositionType, "name", needed=False)
        self.type = texts.of(OrganizationType, "name", needed=False)


class ContactName:
    """Splits a full name into first and last name: the last name is the part after the last space."""

    def __init__(self, first: Reader, last: Reader) -> None:
        self.first, self.last = first, last

    def __call__(self, value: Any) -> tuple[str, str]:
        if not isinstance(value, str):
            return "", self.last(value)
        first, _, last = value.strip().rpartition(" ")
        return self.first(first.strip()), self.last(last)


def read_or_add_error(reader: Reader, key: str, *, data: dict[str, Any], add_error: AddError) -> Any:
    """The value of a key that describes a reference; an empty one, and an error, if it is invalid."""
    try:
        return reader(data.get(key))
    except InvalidValue as error:
        add_error(key, str(error))
        return None if reader is read_optional_id else ""
