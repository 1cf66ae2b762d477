"""The steps of an import: read, compare and write, in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from memberships.importing.deferred_indexes import are_empty, deferred_indexes, reset_sequences
from memberships.importing.engage.diff import BATCH_SIZE, DiffBuilder, ImportDiff, placeholder
from memberships.importing.engage.extract import Extraction
from memberships.importing.engage.merge_detection import MergeRefusals, move_merged_people, release_identifiers
from memberships.importing.engage.model_upserts import MembershipUpsert, OrganizationUpsert, PositionUpsert, UserUpsert
from memberships.importing.engage.progress import progress_bar
from memberships.importing.engage.record_kinds import RecordKind
from memberships.importing.engage.references import REFERENCE_MODELS
from memberships.importing.engage.report import ImportReport
from memberships.importing.engage.sources import Source
from memberships.importing.errors import ImportErrors, InvalidValue, RecordLocation
from memberships.importing.upsert import RecordValues, Upsert, bulk_update, insert, unscoped
from memberships.models import Membership, Reflection
from organizations.models import Organization, Position, PositionTemplate
from roster.batches import batched
from roster.history import change_tracking
from roster.models import User

TABLES: dict[str, type[Model]] = {
    "memberships": Membership,
    "organizations": Organization,
    "positions": Position,
    "users": User,
    **{str(model._meta.verbose_name_plural): model for model in REFERENCE_MODELS},
}
"""The models by their names in the report."""


BULK_LOADED = (Membership, Reflection)
"""Tables whose indexes are built after their rows, if they are empty before."""


class ImportRefused(Exception):
    """The import was refused, and nothing was written. The message has the reasons, one on each line."""


def import_records(
    sources: Iterable[Source],
    *,
    floor_dates: bool = False,
    accept_renames: bool = False,
    accept_merges: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Import all records of the sources, or none: then ImportRefused lists the errors.

    `floor_dates` accepts dates that are not midnight, `accept_renames` accepts new names for existing ids,
    `accept_merges` accepts merged accounts; `dry_run` does everything and then rolls back.
    """
    import_errors, report = ImportErrors(), ImportReport(dry_run=dry_run)
    flags = {"floor_dates": floor_dates, "accept_renames": accept_renames, "accept_merges": accept_merges}
    extraction = Extraction(sources, import_errors, **flags)
    with progress_bar("reading", len(extraction.contents)) as bar:
        extraction.read(bar.update)
    report.ignored, report.odd = extraction.reader.ignored, extraction.reader.texts.odd
    report.repeated = extraction.repeated
    try:
        with transaction.atomic():
            plan = DiffBuilder(extraction, report).make()
            # The first import of a site: these tables are not read yet, and building indexes once takes less time.
            with deferred_indexes(BULK_LOADED if are_empty(BULK_LOADED) else ()):
                ImportWriter(extraction, plan, report).write()
            if import_errors.count:
                raise ImportRefused(str(import_errors))
            if dry_run:
                connection.check_constraints()
                transaction.set_rollback(True)
            elif not report.changed_nothing:
                counts = report.counts
                reset_sequences(model for name, model in TABLES.items() if counts[name].created or counts[name].made)
                change_tracking.log_change()
    except InvalidValue as error:
        raise ImportRefused(str(error)) from error
    except IntegrityError as error:
        raise ImportRefused(f"The roster was changed during the import. Run the import again. ({error})") from error
    except DatabaseError as error:
        raise ImportRefused(f"The database failed, and nothing was written: {error}") from error
    return report


class ImportWriter:
    """Writes the plan of an import and its records."""

    def __init__(self, extraction: Extraction, plan: ImportDiff, report: ImportReport) -> None:
        self.extraction = extraction
        self.references = extraction.references
        self.import_errors = extraction.import_errors
        self.plan = plan
        self.report = report
        self.repeated: dict[int, tuple[int, int]] = {}
        """User and position of memberships that have several records."""
        self.users = UserUpsert(report.counts["users"], self.import_errors)
        self.organizations = OrganizationUpsert(report.counts["organizations"], self.import_errors)
        self.positions = PositionUpsert(report.counts["positions"], self.import_errors)
        self.memberships = MembershipUpsert(report.counts["memberships"], self.import_errors, MergeRefusals(extraction))
        self.memberships.survivors = {merged_id: merge.survivor for merged_id, merge in plan.merged.items()}

    def write(self) -> None:
        """Write everything. After an error nothing more is written, and memberships are only checked."""
        if not self.import_errors.count:
            self.write_reference_data()
            release_identifiers(self.plan.merged)
            self.write_people()
            move_merged_people(self.plan.merged, self.report)
            self.write_organizations()
            self.write_positions()
        self.write_records(RecordKind.MEMBERSHIP, self.memberships)

    def write_reference_data(self) -> None:
        model: Any
        for model, numbers in self.plan.reference_data.items():
            count = self.report.counts[str(model._meta.verbose_name_plural)]
            mentions, renamed = self.references.reference_mentions[model], self.plan.renamed_words[model]
            insert([model(id=number, name=mentions[number].name) for number in numbers])
            rows = model._base_manager.in_bulk(renamed)
            for number, row in rows.items():
                row.name = mentions[number].name
            bulk_update(list(rows.values()), ["name"])
            count.made += len(numbers)
            count.changed += len(rows)

    def write_people(self) -> None:
        self.release_usernames()
        self.write_records(RecordKind.USER, self.users)
        for numbers in batched(self.plan.people, BATCH_SIZE):
            self.users.make({number: self._person_values(number) for number in numbers})
        for numbers in batched(self.plan.named_people, BATCH_SIZE):
            self.users.change({number: self._person_values(number) for number in numbers})
            self.users.count.changed += len(numbers)

    def release_usernames(self) -> None:
        """Give renamed people temporary usernames first, so that they can exchange usernames."""
        read_ids = self.extraction.ids[RecordKind.USER]
        for numbers in batched(self.plan.renamed_people, BATCH_SIZE):
            rows = list(unscoped(User).select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))
            for row in rows:
                row.username = f"engage-renamed-{row.pk}"
            bulk_update(rows, ["username"])
        alone = [number for number in self.plan.renamed_people if number not in read_ids]
        for numbers in batched(alone, BATCH_SIZE):
            self.users.change({number: {"username": self.plan.renamed_people[number]} for number in numbers})
            self.users.count.changed += len(numbers)

    def _person_values(self, number: int) -> RecordValues:
        """The values of a person from references; without a username the person cannot sign in."""
        person = self.references.people[number].person
        values: RecordValues = person._asdict()
        if not person.username:
            values |= {"username": placeholder(number), "status": User.Status.UNREGISTERED}
            self.report.without_username.add(values["username"])
        else:
            values["status"] = User.Status.ACTIVE
        return values

    def write_organizations(self) -> None:
        for numbers in batched(self.plan.mentioned_organizations, BATCH_SIZE):
            mentioned = {number: self.references.organizations[number].organization for number in numbers}
            self.organizations.make(
                {
                    number: {"name": organization.name, "short_name": organization.short_name}
                    for number, organization in mentioned.items()
                }
            )
        self.write_records(RecordKind.ORGANIZATION, self.organizations)

    def write_positions(self) -> None:
        for numbers in batched(self.plan.positions, BATCH_SIZE):
            self.positions.make({number: self.references.positions[number].position._asdict() for number in numbers})
        self.write_records(RecordKind.POSITION, self.positions)
        default_types = dict(PositionTemplate.objects.exclude(default_type=None).values_list("pk", "default_type_id"))
        for number in self.references.position_ids() if default_types else ():
            position_reference = self.references.complete_position(number).position
            default_type = default_types.get(position_reference.template_id)
            if default_type is not None and position_reference.type_id not in {None, default_type}:
                self.report.other_type.add(f"position {number}")

    def write_records(self, kind: RecordKind, writer: Upsert) -> None:
        """Write the records of a kind in batches; of several records with one id, the last."""
        with progress_bar(kind.plural, self.extraction.total(kind)) as bar:
            for records in batched(self.records(kind, bar.update), BATCH_SIZE):
                values = {number: values for number, values, _ in records}
                writer.write(values, {number: where for number, _, where in records})

    def records(
        self, kind: RecordKind, advance: Callable[[], object]
    ) -> Iterator[tuple[int, RecordValues, RecordLocation]]:
        """Read the records of a kind that are to be written; `advance` is called for each."""
        for number, values, where, is_last in self.extraction.records(kind):
            advance()
            if kind is RecordKind.MEMBERSHIP:
                self.check_repeated(number, values, where)
            elif kind is RecordKind.POSITION:
                self.complete(number, values)
            if is_last and not (kind is RecordKind.POSITION and number in self.plan.left_out):
                yield number, values, where

    def check_repeated(self, number: int, values: RecordValues, where: RecordLocation) -> None:
        """Report an error if one id has two different memberships."""
        if number in self.extraction.last[RecordKind.MEMBERSHIP]:
            holding = (values["user_id"], values["position_id"])
            user_id, position_id = self.repeated.setdefault(number, holding)
            if holding != (user_id, position_id):
                self.import_errors.add(
                    where,
                    "membershipId",
                    f"Membership {number} is of user {user_id} in position {position_id} in another record of this "
                    "import.",
                )

    def complete(self, number: int, values: RecordValues) -> None:
        """Add values that the record of a position does not have, but memberships have."""
        for column, part in self.references.complete_position(number).position._asdict().items():
            if part is not None:
                values.setdefault(column, part)
