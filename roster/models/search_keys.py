from typing import Any

from django.db import models

from roster.names import SearchKeyField


class HasSearchKeys(models.Model):
    """A row with names that have search keys, which are updated with the names."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Save the row; a partial save includes the search keys."""
        if update_fields is not None:
            changed = set(update_fields)
            update_fields = changed | {field.name for field in self._search_key_fields() if field.sources & changed}
        super().save(*args, update_fields=update_fields, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Check the constraints; those on a search key are checked if the form contains the name itself."""
        excluded = set(exclude or ())
        for field in self._search_key_fields():
            if not field.sources & excluded:
                field.pre_save(self, False)
                excluded.discard(field.name)
        super().validate_constraints(exclude=excluded)

    @classmethod
    def _search_key_fields(cls) -> list[SearchKeyField]:
        return [field for field in cls._meta.fields if isinstance(field, SearchKeyField)]
