from collections.abc import Collection, Sequence
from typing import Any

from django.db import models


class HasDerivedColumns(models.Model):
    """A row with columns that are computed from other columns, or from rows that it refers to.

    `derive` contains these rules: save() and bulk writes call it.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; a partial save includes the derived columns."""
        derived = self.derive([self], update_fields)
        super().save(*args, update_fields=update_fields and {*update_fields, *derived}, **kwargs)

    @classmethod
    def derive(cls, rows: Sequence[Any], written: Collection[str] | None = None) -> set[str]:
        """Set the derived columns of rows that are about to be written. Returns the names of these columns.

        `written` names the columns to be written; None means all columns of new rows. Values that are already set
        stay. Locks are held until the end of the transaction.
        """
        return set()
