"""Checks of references, uniqueness and constraints between the rows of the files.

The databases have the same rules. They are checked here first, so that errors contain file, row and column.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Model, OneToOneField, UniqueConstraint

from memberships.importing.csv.tables import CSV_TABLES, CsvTable
from memberships.importing.id_set import IdSet
from roster.models import User

CellColumns = dict[str, list[Any]]
Refuse = Callable[[int, str], Exception]
"""Creates an error about the row at an index of the batch."""


def ends_before_it_starts(columns: CellColumns) -> int | None:
    """The index of the first membership that ends before it starts. Days are texts in ISO format."""
    periods = zip(columns["recorded_start"], columns["recorded_end"], strict=True)
    return next((index for index, (start, end) in enumerate(periods) if end is not None and end < start), None)


def is_its_own_parent(columns: CellColumns) -> int | None:
    pairs = zip(columns["id"], columns["parent_id"], strict=True)
    return next((index for index, (number, parent) in enumerate(pairs) if number == parent), None)


RULES: dict[str, tuple[str, Callable[[CellColumns], int | None]]] = {
    "membership_does_not_end_before_it_starts": ("recorded_end", ends_before_it_starts),
    "organization_is_not_its_own_parent": ("parent_id", is_its_own_parent),
}
"""Constraints on two columns: the column to report, and a function that finds the first row that violates it."""


class LoadedIds:
    """The ids of all loaded rows, by model. Only the table of people may have rows before the first file."""

    def __init__(self) -> None:
        self.ids: dict[Any, IdSet] = {csv_table.model: IdSet() for csv_table in CSV_TABLES}
        self.ids[User] = IdSet(User.objects.values_list("pk", flat=True).iterator())
        self.usernames = set(User.objects.values_list("username_folded", flat=True).iterator())


class RowChecker:
    """Checks the rows of one file, batch by batch."""

    def __init__(self, csv_table: CsvTable, loaded: LoadedIds) -> None:
        self.model: Any = csv_table.model
        self.key = str(csv_table.model._meta.pk.attname)
        self.loaded = loaded
        self.constraints = {each.name: each for each in csv_table.model._meta.constraints}
        self.references = {
            name: field.related_model
            for name, field in csv_table.fields.items()
            if field.is_relation and field.related_model is not self.model
        }
        self.own_references = [name for name, field in csv_table.fields.items() if field.related_model is self.model]
        self.waiting: dict[str, dict[int, int]] = {name: {} for name in self.own_references}
        """Ids in this file that rows refer to, with the number of the first row that does, by column."""
        self.unique: list[tuple[tuple[str, ...], str, set[Any]]] = [
            (fields, message, set(loaded.usernames) if fields == ("username_folded",) else set())
            for fields, message in unique_sets(csv_table.model)
        ]

    def check(self, columns: CellColumns, first_row: int, refuse: Refuse) -> None:
        """Check the rows of a batch that begins with row `first_row` of the file."""
        for name, model in self.references.items():
            if name in columns:
                self._check_references(name, model, columns[name], refuse)
        if self.key in columns:
            index = self.loaded.ids[self.model].add_new(columns[self.key])
            if index is not None:
                raise refuse(index, f"{self.key}: {columns[self.key][index]} exists already.")
        for name in self.own_references:
            self._note_references(name, columns.get(name, ()), first_row)
        for fields, message, known in self.unique:
            self._check_unique(fields, message, known, columns, refuse)
        for name in RULES.keys() & self.constraints.keys():
            self._check_rule(name, columns, refuse)

    def missing(self) -> tuple[int, str] | None:
        """The first row that refers to a row which is not in the file, and a sentence."""
        ids = self.loaded.ids[self.model]
        found = [
            (row, f"{name}: {no_such(self.model, number)}")
            for name, waiting in self.waiting.items()
            for number, row in waiting.items()
            if number not in ids
        ]
        return min(found, default=None)

    def _check_references(self, name: str, model: Any, numbers: Sequence[Any], refuse: Refuse) -> None:
        ids = self.loaded.ids[model]
        for number in set(numbers):
            if number is not None and number not in ids:
                index = next(index for index, each in enumerate(numbers) if each is not None and each not in ids)
                raise refuse(index, f"{name}: {no_such(model, numbers[index])}")

    def _note_references(self, name: str, numbers: Sequence[Any], first_row: int) -> None:
        for index, number in enumerate(numbers):
            if number is not None:
                self.waiting[name].setdefault(number, first_row + index)

    def _check_rule(self, name: str, columns: CellColumns, refuse: Refuse) -> None:
        column, first_of = RULES[name]
        index = first_of(columns)
        if index is not None:
            raise refuse(index, f"{column}: {self.constraints[name].violation_error_message}")

    @staticmethod
    def _check_unique(
        fields: tuple[str, ...], message: str, known: set[Any], columns: CellColumns, refuse: Refuse
    ) -> None:
        if not all(field in columns for field in fields):
            return
        column = fields[-1].removesuffix("_folded")
        for index, values in enumerate(zip(*(columns[field] for field in fields), strict=True)):
            key = values if len(values) > 1 else values[0]
            if key in known:
                raise refuse(index, f"{column}: {message}")
            known.add(key)


def unique_sets(model: type[Model]) -> list[tuple[tuple[str, ...], str]]:
    """The sets of unique columns, except the primary key, with the error message for duplicates."""
    options = model._meta
    named = {field.name: field.attname for field in options.concrete_fields}
    sets = [
        (tuple(named[name] for name in constraint.fields), str(constraint.violation_error_message))
        for constraint in options.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    sets += [(tuple(named[name] for name in names), "Another row has the same.") for names in options.unique_together]
    sets += [
        ((field.attname,), "Another row has the same.")
        for field in options.concrete_fields
        if (field.unique or isinstance(field, OneToOneField)) and not field.primary_key
    ]
    return sets


def no_such(model: Any, number: Any) -> str:
    return f"There is no {model._meta.verbose_name} {number}."
