from typing import Any, ClassVar

from django.db import models

from roster.history import change_tracking


class ChangeTracked(models.Model):
    """A row that affects responses of the API: every change of it is logged in its transaction.

    See `roster/history/change_tracking.py`. Rows that do not affect lists, such as launches, are not tracked.
    """

    UNTRACKED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns that no list depends on. A write of only these columns is not logged."""

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Save the row and log the change. Fixtures are logged by `log_fixture_change` instead."""
        written = kwargs.get("update_fields")  # Model.save() passes it by name
        if written and self.UNTRACKED_FIELDS.issuperset(written):
            super().save_base(*args, **kwargs)
        else:
            with change_tracking.track_changes():
                super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with change_tracking.track_changes():
            return super().delete(*args, **kwargs)


def log_fixture_change(sender: type[models.Model], raw: bool, **about: Any) -> None:
    """Log a row of a fixture, which Django saves without the methods of its model: a receiver of `post_save`."""
    if raw and issubclass(sender, ChangeTracked):
        change_tracking.log_change()
