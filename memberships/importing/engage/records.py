"""Reads a record: checks each field and converts it to the value of a column."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from memberships.importing.engage.record_fields import DATED_TEXTS, REFERENCE_FIELDS, Texts, record_fields
from memberships.importing.engage.record_kinds import AddError, RecordKind
from memberships.importing.errors import InvalidValue
from memberships.importing.upsert import RecordValues


class RecordReader:
    """Reads records. `ignored` counts the keys that are not stored, `texts.odd` the invalid addresses that are."""

    def __init__(self, *, floor_dates: bool) -> None:
        self.texts = Texts()
        self.ignored: Counter[tuple[RecordKind, str]] = Counter()
        self.keys = record_fields(self.texts, floor_dates=floor_dates)
        self.known = {
            kind: {kind.id_key, "modifiedOn", *REFERENCE_FIELDS[kind], *(key.name for key in keys)}
            for kind, keys in self.keys.items()
        }

    def read(self, kind: RecordKind, data: dict[str, Any], add_error: AddError) -> RecordValues:
        """The values of a record; invalid ones are reported and omitted."""
        values: RecordValues = {}
        for name, column, reader, needed, empties in self.keys[kind]:
            given = name in data and not (needed and data[name] is None)
            try:
                value = reader(data[name]) if given else None
            except InvalidValue as error:
                add_error(name, str(error))
                continue
            if value is not None or (empties and name in data):
                values[column] = value
            elif needed:
                add_error(name, "It is needed, and this record has none.")
        if kind in FINISH:
            FINISH[kind](values, data, add_error)
        return values

    def count_ignored(self, kind: RecordKind, data: dict[str, Any]) -> None:
        """Count the keys of a record that are not stored."""
        for name in data.keys() - self.known[kind]:
            self.ignored[kind, name] += 1


def finish_membership(values: RecordValues, data: dict[str, Any], add_error: AddError) -> None:
    """Remove values that may be withheld: a blank reflection, and missing reported dates if there is no username."""
    start, end = values.get("recorded_start"), values.get("recorded_end")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        add_error("positionRecordedEndDate", f"A membership does not end ({end}) before it starts ({start}).")
    if not values.get("reflection", "").strip():
        values.pop("reflection", None)
    if not data.get("username"):
        for column in ("reported_start", "reported_end"):
            if values.get(column) is None:
                values.pop(column, None)


def finish_organization(values: RecordValues, data: dict[str, Any], add_error: AddError) -> None:
    if values.get("parent_id") is not None and values["parent_id"] == data["organizationId"]:
        add_error("parentId", "An organization is not its own parent.")


def finish_user(values: RecordValues, data: dict[str, Any], add_error: AddError) -> None:
    """Separate texts from their times. If the status is withheld, remove blank values, which may be withheld too."""
    times: dict[str, int] = {}
    for column in DATED_TEXTS.values():
        if column in values:
            values[column], changed = values[column]
            if changed is not None:
                times[column] = changed
    if data.get("status") == "":
        for column in [column for column, value in values.items() if value in ("", [])]:
            del values[column]
    values["attribute_times"] = times


FINISH: dict[RecordKind, Callable[[RecordValues, dict[str, Any], AddError], None]] = {
    RecordKind.MEMBERSHIP: finish_membership,
    RecordKind.ORGANIZATION: finish_organization,
    RecordKind.USER: finish_user,
}
