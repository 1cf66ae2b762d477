"""An import from beginning to end: read, compare, write, in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Model

from memberships.engage.complaints import Complaints, Unreadable, Where
from memberships.engage.gathering import Gathering
from memberships.engage.kinds import Kind
from memberships.engage.merging import free_identifiers, move_people
from memberships.engage.planning import Plan, Planner, batches, placeholder
from memberships.engage.progress import progress_bar
from memberships.engage.records import Values
from memberships.engage.references import WORDS
from memberships.engage.report import Report
from memberships.engage.sources import Source
from memberships.engage.writers import MembershipWriter, OrganizationWriter, PositionWriter, UserWriter
from memberships.engage.writing import Writer, insert, overwrite, plain
from memberships.indexes import are_empty, indexes_afterwards, move_sequences
from memberships.models import Membership, Reflection
from organizations.models import Organization, Position, PositionTemplate
from roster import changes
from roster.models import User

TABLES: dict[str, type[Model]] = {
    "memberships": Membership,
    "organizations": Organization,
    "positions": Position,
    "users": User,
    **{str(model._meta.verbose_name_plural): model for model in WORDS},
}
"""The models by the names that the report gives them."""


LARGE = (Membership, Reflection)
"""Tables whose indexes are built when their first rows are there."""


class Refused(Exception):
    """An import that was not done. Its text tells why, a line for each reason."""


def import_records(
    sources: Iterable[Source],
    *,
    floor_dates: bool = False,
    accept_renames: bool = False,
    accept_merges: bool = False,
    dry_run: bool = False,
) -> Report:
    """Import all records of the sources, or none: then Refused tells what is wrong with which.

    `floor_dates` takes dates that are no midnight for the day they lie in, `accept_renames` another name of the same id
    for a new one, `accept_merges` one account where there were two; `dry_run` does everything and takes it back.
    """
    complaints, report = Complaints(), Report(dry_run=dry_run)
    flags = {"floor_dates": floor_dates, "accept_renames": accept_renames, "accept_merges": accept_merges}
    gathering = Gathering(sources, complaints, **flags)
    with progress_bar("reading", len(gathering.contents)) as bar:
        gathering.read(bar.update)
    report.ignored, report.odd = gathering.reader.ignored, gathering.reader.texts.odd
    report.repeated = gathering.repeated
    try:
        with transaction.atomic():
            plan = Planner(gathering, report).make()
            # the first import of a site: nobody reads these tables, and building indexes once is the smaller work
            with indexes_afterwards(LARGE if are_empty(LARGE) else ()):
                Import(gathering, plan, report).write()
            if complaints.count:
                raise Refused(str(complaints))
            if dry_run:
                connection.check_constraints()
                transaction.set_rollback(True)
            elif not report.changed_nothing:
                counts = report.counts
                move_sequences(model for name, model in TABLES.items() if counts[name].created or counts[name].made)
                changes.note()
    except Unreadable as error:
        raise Refused(str(error)) from error
    except IntegrityError as error:
        raise Refused(f"Somebody else wrote at the same moment, so run the import again. ({error})") from error
    except DatabaseError as error:
        raise Refused(f"The database failed, and took everything back: {error}") from error
    return report


class Import:
    """Writes a plan and the records behind it."""

    def __init__(self, gathering: Gathering, plan: Plan, report: Report) -> None:
        self.gathering = gathering
        self.references = gathering.references
        self.complaints = gathering.complaints
        self.plan = plan
        self.report = report
        self.repeated: dict[int, tuple[int, int]] = {}
        """User and position of memberships that have several records."""
        self.users = UserWriter(report.counts["users"], self.complaints)
        self.organizations = OrganizationWriter(report.counts["organizations"], self.complaints)
        self.positions = PositionWriter(report.counts["positions"], self.complaints)
        self.memberships = MembershipWriter(report.counts["memberships"], self.complaints)
        self.memberships.survivors = {gone: merge.survivor for gone, merge in plan.merged.items()}

    def write(self) -> None:
        """Write everything; once there are complaints nothing more is written, and memberships are only checked."""
        if not self.complaints.count:
            self.write_words()
            free_identifiers(self.plan.merged)
            self.write_people()
            move_people(self.plan.merged, self.report)
            self.write_organizations()
            self.write_positions()
        self.write_records(Kind.MEMBERSHIP, self.memberships)

    def write_words(self) -> None:
        model: Any
        for model, numbers in self.plan.words.items():
            count = self.report.counts[str(model._meta.verbose_name_plural)]
            words, renamed = self.references.words[model], self.plan.renamed_words[model]
            insert([model(id=number, name=words[number].name) for number in numbers])
            rows = model._base_manager.in_bulk(renamed)
            for number, row in rows.items():
                row.name = words[number].name
            overwrite(list(rows.values()), ["name"])
            count.made += len(numbers)
            count.changed += len(rows)

    def write_people(self) -> None:
        self.give_up_usernames()
        self.write_records(Kind.USER, self.users)
        for numbers in batches(self.plan.people):
            self.users.make({number: self._person(number) for number in numbers})
        for numbers in batches(self.plan.named_people):
            self.users.change({number: self._person(number) for number in numbers})
            self.users.count.changed += len(numbers)

    def give_up_usernames(self) -> None:
        """Take the usernames of renamed people away first, so that they may take each other's."""
        recorded = self.gathering.recorded[Kind.USER]
        for numbers in batches(self.plan.renamed_people):
            rows = list(plain(User).select_for_update(no_key=True).filter(pk__in=numbers).order_by("pk"))
            for row in rows:
                row.username = f"engage-renamed-{row.pk}"
            overwrite(rows, ["username"])
        alone = [number for number in self.plan.renamed_people if number not in recorded]
        for numbers in batches(alone):
            self.users.change({number: {"username": self.plan.renamed_people[number]} for number in numbers})
            self.users.count.changed += len(numbers)

    def _person(self, number: int) -> Values:
        """A person as others describe them; without a username they cannot sign in."""
        person = self.references.people[number].person
        values: Values = person._asdict()
        if not person.username:
            values |= {"username": placeholder(number), "status": User.Status.UNREGISTERED}
            self.report.nameless.add(values["username"])
        else:
            values["status"] = User.Status.ACTIVE
        return values

    def write_organizations(self) -> None:
        for numbers in batches(self.plan.clubs):
            clubs = {number: self.references.clubs[number].club for number in numbers}
            self.organizations.make(
                {number: {"name": club.name, "short_name": club.short_name} for number, club in clubs.items()}
            )
        self.write_records(Kind.ORGANIZATION, self.organizations)

    def write_positions(self) -> None:
        for numbers in batches(self.plan.seats):
            self.positions.make({number: self.references.seats[number].seat._asdict() for number in numbers})
        self.write_records(Kind.POSITION, self.positions)
        default_types = dict(PositionTemplate.objects.exclude(default_type=None).values_list("pk", "default_type_id"))
        for number in self.references.position_ids() if default_types else ():
            seat = self.references.whole_seat(number).seat
            default_type = default_types.get(seat.template_id)
            if default_type is not None and seat.type_id not in {None, default_type}:
                self.report.retyped.add(f"position {number}")

    def write_records(self, kind: Kind, writer: Writer) -> None:
        """Write the records of a kind in batches, the last of those of one id."""
        with progress_bar(kind.plural, self.gathering.total(kind)) as bar:
            for records in batches(self.records(kind, bar.update)):
                values = {number: values for number, values, _ in records}
                writer.write(values, {number: where for number, _, where in records})

    def records(self, kind: Kind, advance: Callable[[], object]) -> Iterator[tuple[int, Values, Where]]:
        """The records of a kind that are to be written, read again; `advance` is called after each."""
        for number, values, where, is_last in self.gathering.records(kind):
            advance()
            if kind is Kind.MEMBERSHIP:
                self.check_repeated(number, values, where)
            elif kind is Kind.POSITION:
                self.complete(number, values)
            if is_last and not (kind is Kind.POSITION and number in self.plan.left_out):
                yield number, values, where

    def check_repeated(self, number: int, values: Values, where: Where) -> None:
        """Complain about two memberships of one id."""
        if number in self.gathering.last[Kind.MEMBERSHIP]:
            said = (values["user_id"], values["position_id"])
            user_id, position_id = self.repeated.setdefault(number, said)
            if said != (user_id, position_id):
                self.complaints.add(
                    where,
                    "membershipId",
                    f"Membership {number} is of user {user_id} in position {position_id} in another record of this "
                    "import.",
                )

    def complete(self, number: int, values: Values) -> None:
        """Fill in what the record of a position leaves to memberships."""
        for column, part in self.references.whole_seat(number).seat._asdict().items():
            if part is not None:
                values.setdefault(column, part)
