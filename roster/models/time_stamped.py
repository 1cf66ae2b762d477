from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from roster.ranges import InstantColumn


class TimeStamped(models.Model):
    """A row with the times of its creation and its last change."""

    UNTIMED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns whose changes do not mark the row as modified."""

    created_at = InstantColumn("created", default=timezone.now, editable=False)
    modified_at = InstantColumn("modified", auto_now=True, help_text="Moves with every change, bulk ones too.")

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; a partial save includes `modified_at`."""
        if update_fields and not self.UNTIMED_FIELDS.issuperset(update_fields):
            update_fields = {*update_fields, "modified_at"}
        super().save(*args, update_fields=update_fields, **kwargs)
