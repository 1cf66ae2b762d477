"""Merges two accounts of one person: what moves to the surviving account, and what remains of the other.

The merged account is never deleted. It is retired and loses its identifiers, so that the surviving one can have them.
"""

from collections.abc import Iterator
from typing import Any

from django.db import models

from roster.models import OnMerge, User

THIRD_PARTY_REFERENCES = {
    "admin.LogEntry.user": OnMerge.STAYS,  # the account that made the change
    "roster.User_groups.user": OnMerge.STAYS,  # staff give permissions to an account
    "roster.User_user_permissions.user": OnMerge.STAYS,
}
"""References in models of Django itself."""

IDENTIFIERS = ("username", "sis_id", "card_id", "campus_email", "preferred_email")


def references() -> Iterator[tuple[Any, OnMerge | None]]:
    """Every foreign key to people with what a merge does to it; None if the model does not define that."""
    for relation in User._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and not isinstance(relation, models.ManyToManyRel):
            key = relation.field
            on_merge = getattr(key.model, "when_merged", {}).get(key.name)
            yield key, on_merge or THIRD_PARTY_REFERENCES.get(f"{key.model._meta.label}.{key.name}")


def merged_name(user_id: int) -> str:
    """The username of an account that was merged."""
    return f"engage-merged-{user_id}"


def may_use_admin(user: User) -> bool:
    return user.is_staff or user.is_superuser


def retire_merged(user: User) -> None:
    """Deactivate an account and remove its identifiers."""
    for name in IDENTIFIERS:
        setattr(user, name, merged_name(user.pk) if name == "username" else "")
    user.status = User.Status.INACTIVE
    user.save()


def move_references(merged_id: int, survivor: int) -> dict[str, int]:
    """Change references to the merged account into references to the survivor. Returns changed rows by model name."""
    moved = {}
    for key, on_merge in references():
        if on_merge is OnMerge.MOVES:
            rows = key.model._default_manager.filter(**{key.attname: merged_id}).update(**{key.attname: survivor})
            if rows:
                options = key.model._meta
                moved[str(options.verbose_name if rows == 1 else options.verbose_name_plural)] = rows
    return moved
