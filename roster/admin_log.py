"""The admin's log entries, without the names that the reader has no permission to see."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from roster import privacy

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry

WITHHELD = "name withheld"


def row_named_in(entry: "LogEntry") -> str:
    """The name of the row that an entry is about, as it was at that time, or its id if the name is not visible."""
    model = entry.content_type and entry.content_type.model_class()
    return entry.object_repr if model and privacy.name_is_visible(model) else f"no. {entry.object_id}"


def withhold_names(entry: "LogEntry", inlines: Iterable[type[Model]]) -> None:
    """Remove the names that the reader may not see from an entry's message.

    `inlines` are the models that are edited on the row's page.
    """
    named = {str(inline._meta.verbose_name) for inline in inlines if privacy.name_is_visible(inline)}
    if entry.change_message.startswith("["):
        entry.change_message = json.dumps([_withheld(change, named) for change in json.loads(entry.change_message)])


def _withheld(change: dict[str, Any], named: set[str]) -> dict[str, Any]:
    """One change without a withheld name.

    A change is `{"changed": {"name": "membership", "object": "Amara Okafor: President", "fields": [...]}}` or similar.
    """
    return {
        kind: {**details, "object": WITHHELD} if "object" in details and details.get("name") not in named else details
        for kind, details in change.items()
    }
