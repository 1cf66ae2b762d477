from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from roster.ranges import InstantField


class TimeStamped(models.Model):
    """A row that knows when it was made and when it last changed."""

    UNTIMED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns that may change without the row counting as modified."""

    created_at = InstantField("created", default=timezone.now, editable=False)
    modified_at = InstantField("modified", auto_now=True, help_text="Moves with every change, bulk ones too.")

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the row; a partial write takes `modified_at` along."""
        if update_fields and not self.UNTIMED_FIELDS.issuperset(update_fields):
            update_fields = {*update_fields, "modified_at"}
        super().save(*args, update_fields=update_fields, **kwargs)


class ShownTimeStamped(TimeStamped):
    """A row that has columns which not everybody reads: it also knows when it last changed in any of the others.

    That time is `modifiedOn` to those who may not read all (`privacy.modification_column`).
    """

    PRIVATE_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns that may change without `shown_modified_at` moving, also by the names of their columns."""

    shown_modified_at = InstantField(
        "shown as modified", default=timezone.now, editable=False, help_text="Moves with what everybody may read."
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the row. A whole one is compared with what is kept, to see what of it changes."""
        if update_fields is not None:
            if self.is_shown_change(update_fields):
                self.shown_modified_at = timezone.now()
                update_fields = {*update_fields, "shown_modified_at"}
            super().save(*args, update_fields=update_fields, **kwargs)
        elif self._state.adding:  # nothing to compare with, so that one statement is enough
            self._set_shown_time()
            super().save(*args, **kwargs)
        else:
            with transaction.atomic():
                self._set_shown_time()
                super().save(*args, **kwargs)

    @classmethod
    def is_shown_change(cls, columns: Iterable[str]) -> bool:
        """Does a write of these columns change any that everybody may read? That of the time alone counts as one."""
        written = {*columns}
        changed = written - {"modified_at"}
        return bool(written) and not (changed and cls.PRIVATE_FIELDS.issuperset(changed))

    def _set_shown_time(self) -> None:
        """Move `shown_modified_at` if the whole row would change in anything that everybody may read."""
        kept = None if self._state.adding else self._kept()
        if kept is None or any(self._is_changed(name, kept) for name in kept.keys() - self.PRIVATE_FIELDS):
            self.shown_modified_at = timezone.now()
        else:
            self.shown_modified_at = kept["shown_modified_at"]

    def _kept(self) -> dict[str, Any] | None:
        """The columns of this row in the database, and the row locked: nobody changes it before it is written."""
        loaded = {field.attname for field in self._meta.concrete_fields} - self.get_deferred_fields()
        rows = type(self)._base_manager.select_for_update(no_key=True).filter(pk=self.pk)
        kept: dict[str, Any] | None = rows.values(*loaded, "shown_modified_at").first()
        return kept

    def _is_changed(self, name: str, kept: dict[str, Any]) -> bool:
        if name in {"modified_at", "shown_modified_at"}:
            return False
        field: Any = self._meta.get_field(name)
        return bool(field.to_python(getattr(self, name)) != kept[name])
