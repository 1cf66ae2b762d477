"""Compares the extracted references with the database: which rows must be created, and which records are refused.

A record is refused if its id or username belongs to an unrelated row here. A row is related if more than the id is the
same: of a user the username, of a position the organization, of a membership the user and the position, of an
organization or a row of a campus-wide list the name. An organization may be renamed if its creation time is the same.
"""

from dataclasses import dataclass, field
from typing import Any

from memberships.importing.engage.extract import Extraction
from memberships.importing.engage.merge_detection import Merge, MergeFinder, MergeRefusals
from memberships.importing.engage.record_kinds import RecordKind
from memberships.importing.engage.references import REFERENCE_MODELS, Completeness, PositionMention
from memberships.importing.engage.report import ImportReport
from memberships.importing.errors import RecordLocation
from organizations.models import Organization, Position, PositionTemplate
from organizations.models.named_model import NamedModel
from roster import days
from roster.batches import batched
from roster.models import User
from roster.names import search_key

BATCH_SIZE = 5_000
"""Rows that are read, compared and written at once."""

NO_OTHER_SIGN = (
    "Apart from the username, there is no evidence that user {} was merged: neither a membership, nor the same SIS id, "
    "card id or campus e-mail."
)


def placeholder(user_id: int) -> str:
    """The username of a person whose own is not known yet."""
    return f"engage-user-{user_id}"


@dataclass
class ImportDiff:
    """What has to be written besides the records themselves."""

    people: list[int] = field(default_factory=list)
    """People, organizations and positions to create from references."""
    mentioned_organizations: list[int] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)
    reference_data: dict[type[NamedModel], list[int]] = field(
        default_factory=lambda: {model: [] for model in REFERENCE_MODELS}
    )
    renamed_words: dict[type[NamedModel], list[int]] = field(
        default_factory=lambda: {model: [] for model in REFERENCE_MODELS}
    )
    named_people: list[int] = field(default_factory=list)
    """People whose username was unknown before this import."""
    renamed_people: dict[int, str] = field(default_factory=dict)
    """New usernames of people, by id."""
    merged: dict[int, Merge] = field(default_factory=dict)
    """Accounts that were merged into others, by id."""
    left_out: set[int] = field(default_factory=set)
    """Positions that are omitted because their records are incomplete."""


class DiffBuilder:
    """Makes the plan of an import; reports errors for what is refused or cannot be created."""

    def __init__(self, extraction: Extraction, report: ImportReport) -> None:
        self.extraction = extraction
        self.references = extraction.references
        self.ids = extraction.ids
        self.add_error = extraction.import_errors.add
        self.report = report
        self.refusals = MergeRefusals(extraction)
        self.plan = ImportDiff()
        self.default_types: dict[int | None, int | None] = dict(
            PositionTemplate.objects.values_list("pk", "default_type_id")
        )

    def make(self) -> ImportDiff:
        for model, key in REFERENCE_MODELS.items():
            self._diff_reference_data(model, key)
        if self.refusals.is_complete:
            self.plan.merged = MergeFinder(self.extraction).find()
        self._diff_people()
        self._check_usernames()
        self._diff_organizations()
        self._diff_positions()
        return self.plan

    def _diff_reference_data(self, model: Any, key: str) -> None:
        mention, label = self.references.reference_mentions[model], model._meta.verbose_name
        for numbers in batched(mention, BATCH_SIZE):
            kept = dict(model.objects.filter(pk__in=numbers).values_list("pk", "name"))
            for number in numbers:
                name, where = mention[number]
                if number not in kept:
                    self.plan.reference_data[model].append(number)
                    if not name:
                        self.add_error(where, key, f"There is no {label} {number} here, and no name to make it from.")
                elif name and name != kept[number]:
                    self.plan.renamed_words[model].append(number)
                    if search_key(name) != search_key(kept[number]):
                        self._refuse_rename(where, key, f"{label} {number}", kept[number], name)
                else:
                    self.report.counts[str(model._meta.verbose_name_plural)].unchanged += 1

    def _refuse_rename(self, where: RecordLocation, key: str, what: str, kept: str, name: str) -> None:
        if not self.references.accept_renames:
            self.add_error(
                where,
                key,
                f"{what[0].upper()}{what[1:]} is {kept!r} here, and {name!r} in this record. If it was renamed, give "
                "--accept-renames; if they are two, one of them needs another id.",
            )

    def _diff_people(self) -> None:
        people, read_ids = self.references.people, self.ids[RecordKind.USER]
        names = ("first_name", "preferred_first_name", "last_name", "campus_email")
        columns = ("pk", "username", "is_staff", "is_superuser", *names)
        for numbers in batched(people, BATCH_SIZE):
            kept = {row[0]: row[1:] for row in User.objects.filter(pk__in=numbers).values_list(*columns)}
            for number in numbers:
                rank, person, where = people[number]
                if number not in kept:
                    if number not in read_ids:
                        self.plan.people.append(number)
                    continue
                username, is_staff, is_superuser, first_name, preferred_first_name, last_name, campus_email = kept[
                    number
                ]
                is_nameless = username == placeholder(number)
                if person.username and not is_nameless and search_key(person.username) != search_key(username):
                    may_be_renamed = not (is_staff or is_superuser)
                    self._diff_username(number, username, person.username, where, may_be_renamed=may_be_renamed)
                elif number in read_ids or rank < Completeness.IDENTIFIED:
                    continue
                elif is_nameless:
                    self.plan.named_people.append(number)
                elif (person.username, person.last_name, person.campus_email) != (
                    username,
                    last_name,
                    campus_email,
                ) or person.first_name not in {first_name, preferred_first_name}:
                    self.report.differing.add(f"user {number}")

    def _diff_username(self, number: int, kept: str, name: str, where: RecordLocation, *, may_be_renamed: bool) -> None:
        """Plan a new username for an account, if that is allowed; never for one that may use the admin."""
        takes_over = any(
            m.survivor == number and search_key(m.username) == search_key(name) for m in self.plan.merged.values()
        )
        if (self.references.accept_renames or takes_over) and may_be_renamed:
            self.plan.renamed_people[number] = name
            self.report.renamed.append(f"User {number} was renamed from {kept!r} to {name!r}.")
            return
        advice = (
            "If it was renamed, give --accept-renames; if they are two, one of them needs another id."
            if may_be_renamed
            else "An import renames no account that may use the admin."
        )
        self.add_error(where, "username", f"User {number} is {kept!r} here, and {name!r} in this record. {advice}")

    def _check_usernames(self) -> None:
        """Report usernames of the import, including placeholders, that another account here has."""
        owners = self.references.ids_by_username
        for number in self.plan.people:
            if not self.references.people[number].person.username:
                owners.setdefault(search_key(placeholder(number)), number)
        for names in batched(owners, BATCH_SIZE):
            for user in User.objects.filter(username_folded__in=names):
                owner = owners[user.username_folded]
                if owner != user.pk and user.pk not in self.plan.renamed_people and user.pk not in self.plan.merged:
                    self.add_error(
                        self.references.people[owner].where,
                        "username",
                        f"{user.username!r} is user {user.pk} here, and user {owner} in this record. "
                        f"{self.refusals.reason(user.pk, owner, NO_OTHER_SIGN.format(user.pk))}",
                    )

    def _diff_organizations(self) -> None:
        mentions, read_ids = self.references.organizations, self.ids[RecordKind.ORGANIZATION]
        for numbers in batched(mentions, BATCH_SIZE):
            rows = Organization.objects.filter(pk__in=numbers).values_list("pk", "name", "short_name", "created_at")
            kept = {row[0]: row[1:] for row in rows}
            for number in numbers:
                rank, organization, where = mentions[number]
                if number not in kept:
                    if number not in read_ids:
                        self.plan.mentioned_organizations.append(number)
                        if not organization.name:
                            self.add_error(
                                where,
                                "organizationId",
                                f"There is no organization {number} here, and no name to make it from.",
                            )
                    continue
                name, short_name, created_at = kept[number]
                same_moment = organization.created_at and days.milliseconds(
                    organization.created_at
                ) == days.milliseconds(created_at)
                if organization.name and search_key(organization.name) != search_key(name) and not same_moment:
                    self._refuse_rename(where, "organizationId", f"organization {number}", name, organization.name)
                if number not in read_ids and (
                    (organization.name and organization.name != name)
                    or (rank >= Completeness.DESCRIBED and organization.short_name != short_name)
                ):
                    self.report.differing.add(f"organization {number}")

    def _diff_positions(self) -> None:
        read_ids = self.ids[RecordKind.POSITION]
        columns = ("pk", "organization_id", "template_id", "type_id", "name")
        for numbers in batched(self.references.position_ids(), BATCH_SIZE):
            kept = {row[0]: row[1:] for row in Position.objects.filter(pk__in=numbers).values_list(*columns)}
            for number in numbers:
                mention = self.references.complete_position(number)
                if number not in kept:
                    self._diff_new_position(number, mention)
                elif mention.position.organization_id not in {None, kept[number][0]}:
                    self.add_error(
                        mention.where,
                        "organizationId",
                        f"Position {number} is of organization {kept[number][0]} here, and of organization "
                        f"{mention.position.organization_id} in this record.",
                    )
                elif number not in read_ids and any(
                    part and part != kept_part for part, kept_part in zip(mention.position, kept[number], strict=True)
                ):
                    self.report.differing.add(f"position {number}")

    def _diff_new_position(self, number: int, mention: PositionMention) -> None:
        position_reference, where = mention
        parts = {
            "organizationId": position_reference.organization_id,
            "positionTemplateId": position_reference.template_id,
        }
        missing = [key for key, part in parts.items() if part is None]
        if missing and number not in self.references.positions:
            self.plan.left_out.add(number)
            self.report.left_out.add(f"position {number}")
            return
        if not position_reference.name:
            missing.append("positionName")
        if position_reference.type_id is None and self.default_types.get(position_reference.template_id) is None:
            missing.append("positionTypeId")
        for key in missing:
            self.add_error(where, key, f"There is no position {number} here, and this is needed to make it.")
        if number not in self.ids[RecordKind.POSITION]:
            self.plan.positions.append(number)
