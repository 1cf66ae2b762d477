from typing import Any

from django.db import models

from roster import changes


class Watched(models.Model):
    """A row of the roster: every change of it is noted in the same transaction (`roster/changes.py`)."""

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row; fixtures come this way too."""
        with changes.noting():
            super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with changes.noting():
            return super().delete(*args, **kwargs)
