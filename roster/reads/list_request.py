"""The parameters for reading a list, without HTTP. Views create them, so that this package does not depend on views."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from roster.privacy import Audience
from roster.reads import snapshot


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A list that a caller requests."""

    resource: Hashable
    """Identifies the resource. Lists of one resource differ only in the other attributes."""
    audience: Audience
    filters: Mapping[str, Any]
    """The declared filters by parameter, those of `roster/api/filters.py`."""
    asked: Mapping[str, Any]
    """Parsed values of the filters that the caller sets."""
    all_rows: Callable[[], QuerySet[Any]]
    """All rows of the resource, before privacy rules and filters."""
    visible_rows: Callable[[], QuerySet[Any]]
    """The visible rows of the list, filtered and ordered as by Django and DRF."""
    in_order: Callable[[QuerySet[Any], Mapping[str, Any], Audience], QuerySet[Any]]
    """Puts rows in the requested order."""
    serializer_class: Any
    make_serializer: Callable[..., Any]
    """Makes a serializer for the caller's audience, with the arguments of a serializer."""
    can_be_compiled: bool
    """False for a list whose rows depend on more than the audience and the filters."""
    key_snapshot: snapshot.Snapshot | None
    """The snapshot that was read together with the caller's key."""

    def read_snapshot(self) -> snapshot.Snapshot:
        """The snapshot of this request, read before the list: together with the key, or now."""
        of_key = self.key_snapshot
        return snapshot.current_snapshot() if of_key is None or of_key.instance_id is None else of_key
