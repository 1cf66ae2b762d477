"""Base classes of the QuerySets, and the QuerySets of people and keys."""

from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest, NullIf
from django.utils import timezone

from roster import privacy, window_counters
from roster.history import change_tracking
from roster.names import SearchKeyField, search_key


def known_as(path: str = "") -> models.Expression:
    """The expression for `User.known_as`; `path` leads to the person, such as `"user__"` from a membership."""
    preferred = NullIf(models.F(f"{path}preferred_first_name"), models.Value(""))
    return Coalesce(preferred, models.F(f"{path}first_name"))


class ChangeTrackedQuerySet(models.QuerySet[Any]):
    """Rows of the roster. Every bulk change is logged in its transaction (`roster/history/change_tracking.py`)."""

    def update(self, **values: Any) -> int:
        if values and self.model.UNTRACKED_FIELDS.issuperset(values):
            return super().update(**values)
        with change_tracking.track_changes():
            return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        with change_tracking.track_changes():
            return super().bulk_create(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        with change_tracking.track_changes():
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class DerivedColumnsQuerySet(models.QuerySet[Any]):
    """Rows with derived columns (`HasDerivedColumns`), which bulk_create sets too."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        with transaction.atomic(savepoint=False):
            self.model.derive(rows)
            return super().bulk_create(rows, *args, **kwargs)


class SearchKeyQuerySet(models.QuerySet[Any]):
    """Rows with search keys. A bulk change updates the search keys too."""

    def update(self, **values: Any) -> int:
        """Change columns of every row, with their search keys."""
        for field in self.model._meta.fields:
            if isinstance(field, SearchKeyField) and field.sources & values.keys() and field.name not in values:
                values[field.name] = self._search_key(field, values)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def _search_key(self, field: SearchKeyField, values: dict[str, Any]) -> str:
        if not field.sources <= values.keys() or not all(isinstance(values[name], str) for name in field.sources):
            together = " and ".join(sorted(field.sources))
            raise TypeError(f"Change {together} with save(), or all of them in one update() with plain texts.")
        return field.search_key_of(values)


class TimeStampedQuerySet(models.QuerySet[Any]):
    """Rows with the times of their creation and last change. A bulk change updates `modified_at` too."""

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Insert rows, or update existing ones, which then count as modified."""
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "modified_at"}
        return super().bulk_create(*args, **kwargs)

    def update(self, **values: Any) -> int:
        """Change columns of every row, and `modified_at`."""
        if not values or not self.model.UNTIMED_FIELDS.issuperset(values):
            values.setdefault("modified_at", timezone.now())
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]


class ShownTimeStampedQuerySet(TimeStampedQuerySet):
    """Rows that also have the time of the last change of columns that all readers may read.

    A bulk change of such columns updates both times.
    """

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        rows = list(objs)
        if kwargs.get("update_fields") and self.model.is_shown_change(kwargs["update_fields"]):
            now = timezone.now()
            for row in rows:
                row.shown_modified_at = now
            kwargs["update_fields"] = {*kwargs["update_fields"], "shown_modified_at"}
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **values: Any) -> int:
        if self.model.is_shown_change(values):
            now = values.setdefault("modified_at", timezone.now())
            values.setdefault("shown_modified_at", now)
        return super().update(**values)

    update.alters_data = True  # type: ignore[attr-defined]

    def mark_modified(self, *, is_shown: bool) -> int:
        """Mark the rows as modified after a change in another table. `is_shown`: may all readers read that change?"""
        shown = {} if is_shown else {"shown_modified_at": models.F("shown_modified_at")}
        return self.update(modified_at=timezone.now(), **shown)


class UserQuerySet(DerivedColumnsQuerySet, TimeStampedQuerySet, SearchKeyQuerySet, ChangeTrackedQuerySet):  # type: ignore[override]  # as_manager()
    def visible_to(self, audience: privacy.Audience) -> Self:
        """People that this audience sees (docs/api.md, “Who sees what”)."""
        return self.filter(privacy.user_rows(audience))

    def with_wire_fields(self, audience: privacy.Audience) -> Self:
        """The rows themselves: a user item needs no other table."""
        return self

    def retire(self) -> int:
        """Deactivate these accounts; their memberships stay. Returns the number of accounts."""
        return self.update(status=self.model.Status.INACTIVE)

    def reactivate(self) -> int:
        return self.update(status=self.model.Status.ACTIVE)

    def in_wire_order(self, audience: privacy.Audience) -> Self:
        """Ordered by search key of the last name, then of the first name as this audience reads it, then by id."""
        return self.order_by("name_key" if audience.reads_names_on_record else "known_as_key", "id")


FIRST_LOCAL_ID = 2_000_000_000
"""The first id of accounts that `createsuperuser` creates. Imported accounts have lower ids."""


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """The manager of people, with `create_user` and `create_superuser` for Django's commands."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username_folded=search_key((username or "").strip()))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Any:
        if not username.strip():
            raise ValueError("A user needs a username.")
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Any:
        """Create an administrator with an id from `FIRST_LOCAL_ID`, which a later import never uses."""
        last = self.aggregate(last=models.Max("pk"))["last"] or 0
        fields = {"pk": max(last + 1, FIRST_LOCAL_ID), **fields}
        return self.create_user(username, password, **{**fields, "is_staff": True, "is_superuser": True})


class ApiKeyQuerySet(TimeStampedQuerySet):
    def in_force(self, *, on: Any) -> Self:
        """Keys that are neither revoked nor expired at the instant `on`."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=on)
        return self.filter(not_expired, revoked_at=None)

    def with_last_use(self) -> Self:
        """Add `last_used_at`, when each key was last used, or None."""
        counted, stored = models.F("use__last_used_at"), window_counters.last_use_of(models.F("prefix"))
        known = stored or models.F("last_use__last_used_at")
        instant: models.DateTimeField[Any, Any] = models.DateTimeField()
        each = (Coalesce(counted, known, output_field=instant), Coalesce(known, counted, output_field=instant))
        return self.annotate(last_used_at=Greatest(*each, output_field=instant))
