from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from roster.ranges import InstantColumn


class TimeStamped(models.Model):
    """A row that knows when it was made and when it last changed."""

    UNTIMED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns that may change without the row counting as modified."""

    created_at = InstantColumn("created", default=timezone.now, editable=False)
    modified_at = InstantColumn("modified", auto_now=True, help_text="Moves with every change, bulk ones too.")

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the row; a partial write takes `modified_at` along."""
        if update_fields and not self.UNTIMED_FIELDS.issuperset(update_fields):
            update_fields = {*update_fields, "modified_at"}
        super().save(*args, update_fields=update_fields, **kwargs)
