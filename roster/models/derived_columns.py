from collections.abc import Collection, Sequence
from typing import Any

from django.db import models


class HasDerivedColumns(models.Model):
    """A row with columns that follow from other columns, or from rows it refers to.

    `derive` is the one place for these rules: save() uses it, and so do those that write many rows at once.
    """

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the row; a partial write takes the derived columns along."""
        derived = self.derive([self], update_fields)
        super().save(*args, update_fields=update_fields and {*update_fields, *derived}, **kwargs)

    @classmethod
    def derive(cls, rows: Sequence[Any], written: Collection[str] | None = None) -> set[str]:
        """Set the derived columns of rows that are about to be written; the names of the columns set.

        `written` names the columns to be written, None all columns of new rows. What a row states itself stays. Locks
        that this takes last until the end of the transaction.
        """
        return set()
