"""The words of a query that every model of the house understands."""

from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.utils import timezone

from roster import privacy
from roster.names import FoldedField, fold


class FoldedQuerySet(models.QuerySet[Any]):
    """Rows with names that are compared in folded form. A bulk change moves the folded forms too."""

    def update(self, **changes: Any) -> int:
        """Change columns of every row, the folded forms with them."""
        for field in self.model._meta.fields:
            if isinstance(field, FoldedField) and field.sources & changes.keys() and field.name not in changes:
                changes[field.name] = self._folded(field, changes)
        return super().update(**changes)

    update.alters_data = True  # type: ignore[attr-defined]

    def _folded(self, field: FoldedField, changes: dict[str, Any]) -> str:
        if not field.sources <= changes.keys() or not all(isinstance(changes[name], str) for name in field.sources):
            together = " and ".join(sorted(field.sources))
            raise TypeError(f"{together} change row by row with save(), or together as plain text: they are folded.")
        return field.folded(changes)


class RecordedQuerySet(FoldedQuerySet):
    """Rows that know when they were made and last changed. A bulk change moves `modified_at` too."""

    def update(self, **changes: Any) -> int:
        """Change columns of every row, `modified_at` with them."""
        changes.setdefault("modified_at", timezone.now())
        return super().update(**changes)

    update.alters_data = True  # type: ignore[attr-defined]


class UserQuerySet(RecordedQuerySet):
    def visible_to(self, audience: privacy.Audience) -> Self:
        """People this audience may know of (DESIGN, "Who sees what")."""
        return self.filter(privacy.user_rows(audience))

    def with_wire_fields(self, audience: privacy.Audience) -> Self:
        """What a user item prints stands in the row itself."""
        return self

    def retire(self) -> int:
        """Close these accounts: nobody signs in with them, their memberships stay. The number retired."""
        return self.update(status=self.model.Status.INACTIVE)

    def reactivate(self) -> int:
        return self.update(status=self.model.Status.ACTIVE)

    def in_wire_order(self, audience: privacy.Audience) -> Self:
        """By folded last name, then first name as this audience reads it, then id."""
        return self.order_by("name_key" if audience.reads_names_on_record else "known_as_key", "id")


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """People; `create_user` and `create_superuser` as Django's commands expect them."""

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username_folded=fold(username or ""))

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Any:
        if not username.strip():
            raise ValueError("A user needs a username.")
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Any:
        return self.create_user(username, password, **{**fields, "is_staff": True, "is_superuser": True})


class ApiKeyQuerySet(RecordedQuerySet):
    def in_force(self, *, on: Any) -> Self:
        """Keys that are neither revoked nor expired at the instant `on`."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=on)
        return self.filter(not_expired, revoked_at=None)
