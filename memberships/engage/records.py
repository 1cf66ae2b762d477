"""How one record is read: checked field by field, and turned into the values of our columns."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

from memberships.engage.complaints import Unreadable
from memberships.engage.keys import DATED_TEXTS, ONLY_REFER, Texts, keys_of_records
from memberships.engage.kinds import Complain, Kind

Values = dict[str, Any]
"""What a record says, by the names of our columns. A column that is not there is not spoken of."""


class RecordReader:
    """Reads records. `ignored` counts the keys of which nothing is kept, `texts.odd` the odd addresses kept."""

    def __init__(self, *, floor_dates: bool) -> None:
        self.texts = Texts()
        self.ignored: Counter[tuple[Kind, str]] = Counter()
        self.keys = keys_of_records(self.texts, floor_dates=floor_dates)
        self.known = {
            kind: {kind.id_key, "modifiedOn", *ONLY_REFER[kind], *(key.name for key in keys)}
            for kind, keys in self.keys.items()
        }

    def read(self, kind: Kind, data: dict[str, Any], complain: Complain) -> Values:
        """The values of a record; those that cannot be taken are complained about and left out."""
        values: Values = {}
        for name, column, reader, needed, empties in self.keys[kind]:
            given = name in data and not (needed and data[name] is None)
            try:
                value = reader(data[name]) if given else None
            except Unreadable as error:
                complain(name, str(error))
                continue
            if value is not None or (empties and name in data):
                values[column] = value
            elif needed:
                complain(name, "It is needed, and this record has none.")
        if kind in FINISH:
            FINISH[kind](values, data, complain)
        return values

    def count_ignored(self, kind: Kind, data: dict[str, Any]) -> None:
        """Count the keys of a record of which nothing is kept."""
        for name in data.keys() - self.known[kind]:
            self.ignored[kind, name] += 1


def finish_membership(values: Values, data: dict[str, Any], complain: Complain) -> None:
    """Drop what an answer does not know: a blank reflection, and reported dates beside a withheld username."""
    start, end = values.get("recorded_start"), values.get("recorded_end")
    if isinstance(start, dt.date) and isinstance(end, dt.date) and end < start:
        complain("positionRecordedEndDate", f"A membership does not end ({end}) before it starts ({start}).")
    if not values.get("reflection", "").strip():
        values.pop("reflection", None)
    if not data.get("username"):
        for column in ("reported_start", "reported_end"):
            if values.get(column) is None:
                values.pop(column, None)


def finish_organization(values: Values, data: dict[str, Any], complain: Complain) -> None:
    if values.get("parent_id") is not None and values["parent_id"] == data["organizationId"]:
        complain("parentId", "An organization is not its own parent.")


def finish_user(values: Values, data: dict[str, Any], complain: Complain) -> None:
    """Part texts from their times. An answer that withholds the status withholds more: what is blank says nothing."""
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


FINISH: dict[Kind, Callable[[Values, dict[str, Any], Complain], None]] = {
    Kind.MEMBERSHIP: finish_membership,
    Kind.ORGANIZATION: finish_organization,
    Kind.USER: finish_user,
}
