from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from roster.models.time_stamped import TimeStamped
from roster.ranges import InstantColumn


class ShownTimeStamped(TimeStamped):
    """A row with private columns, and with the time of the last change of any other column.

    That time is `modifiedOn` for audiences that may not read the private columns (`privacy.modification_column`).
    """

    PRIVATE_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Private columns, whose changes do not update `shown_modified_at`: names of the fields and of their columns."""

    shown_modified_at = InstantColumn(
        "shown as modified",
        default=timezone.now,
        editable=False,
        help_text="Time of the last change that all readers may see.",
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row. If all columns are saved, the same statement compares them with the stored ones."""
        if update_fields is not None:
            if self.is_shown_change(update_fields):
                self.shown_modified_at = timezone.now()
                update_fields = {*update_fields, "shown_modified_at"}
            super().save(*args, update_fields=update_fields, **kwargs)
        elif self._state.adding:
            self.shown_modified_at = timezone.now()
            super().save(*args, **kwargs)
        else:
            self.shown_modified_at = self._time_unless_unchanged()
            try:
                super().save(*args, **kwargs)
            finally:
                del self.__dict__["shown_modified_at"]  # read from the database when it is next used

    @classmethod
    def is_shown_change(cls, columns: Iterable[str]) -> bool:
        """Does a write of these columns change any that are not private? A write of only `modified_at` counts too."""
        written = {*columns}
        changed = written - {"modified_at"}
        return bool(written) and not (changed and cls.PRIVATE_FIELDS.issuperset(changed))

    def _time_unless_unchanged(self) -> "ShownTime":
        """The current time, or the stored time if no column that is not private changes."""
        unread = {*self.PRIVATE_FIELDS, *self.get_deferred_fields(), "modified_at", "shown_modified_at"}
        shown = {
            field: getattr(self, field.attname) for field in self._meta.concrete_fields if field.attname not in unread
        }
        return ShownTime(shown)


class ShownTime(Expression):
    """In an UPDATE: the stored `shown_modified_at` if none of these columns changes; otherwise the current time.

    It is one expression, because Django takes longer to compile a Case of many than the database to write the row.
    """

    def __init__(self, shown: "Mapping[models.Field[Any, Any], Any]") -> None:
        super().__init__(output_field=InstantColumn())
        self.shown = shown

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        name = connection.ops.quote_name
        same = "IS" if connection.vendor == "sqlite" else "IS NOT DISTINCT FROM"
        stays = " AND ".join(f"{name(field.column)} {same} %s" for field in self.shown)
        values = [field.get_db_prep_save(value, connection) for field, value in self.shown.items()]
        now = self.output_field.get_db_prep_save(timezone.now(), connection)
        return f"CASE WHEN {stays} THEN {name('shown_modified_at')} ELSE %s END", [*values, now]
