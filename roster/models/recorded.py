from typing import Any

from django.db import models
from django.utils import timezone

from roster.names import FoldedField


class Recorded(models.Model):
    """A row that knows when it was made and when it last changed."""

    created_at = models.DateTimeField("created", default=timezone.now, editable=False)
    modified_at = models.DateTimeField("modified", auto_now=True, help_text="Moves with every change, bulk ones too.")

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the row; a partial write takes the folded forms and `modified_at` along."""
        if update_fields is not None:
            changed = set(update_fields)
            folded = {f.name for f in self._meta.fields if isinstance(f, FoldedField) and f.sources & changed}
            update_fields = changed | folded | {"modified_at"} if changed else changed
        super().save(*args, update_fields=update_fields, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check the constraints; those on a folded form count for a form that asks for the name itself."""
        excluded = set(exclude or ())
        for field in self._meta.fields:
            if isinstance(field, FoldedField) and not field.sources & excluded:
                field.pre_save(self, False)
                excluded.discard(field.name)
        super().validate_constraints(exclude=excluded)
