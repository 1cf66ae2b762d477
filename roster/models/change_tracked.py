from typing import Any, ClassVar

from django.db import models

from roster.history import change_tracking


class ChangeTracked(models.Model):
    """A row that answers of the API print, count or are limited by: every change of it is noted in its transaction.

    `roster/history/change_tracking.py` says what follows. What is no change of the roster, such as a launch, is not
    tracked.
    """

    UNTRACKED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """Columns that no list depends on. A write of nothing else is no change."""

    class Meta:
        abstract = True

    def save_base(self, *args: Any, **kwargs: Any) -> None:
        """Write the row. Fixtures do not come this way (`log_fixture_change`)."""
        written = kwargs.get("update_fields")  # Model.save() names it
        if written and self.UNTRACKED_FIELDS.issuperset(written):
            super().save_base(*args, **kwargs)
        else:
            with change_tracking.track_changes():
                super().save_base(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with change_tracking.track_changes():
            return super().delete(*args, **kwargs)


def log_fixture_change(sender: type[models.Model], raw: bool, **about: Any) -> None:
    """Note a row of a fixture, which Django writes past the methods of its model: a receiver of `post_save`."""
    if raw and issubclass(sender, ChangeTracked):
        change_tracking.log_change()
