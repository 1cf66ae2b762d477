from django.db import models


class RateCount(models.Model):
    """The count of a subject in its window, written by `roster/window_counters.py`. Unlogged on PostgreSQL.

    On SQLite the counts are in a separate file, and this table stays empty.
    """

    subject = models.CharField(
        max_length=100, primary_key=True, help_text="What is counted: an address, an account, each with the reason."
    )
    started_at = models.BigIntegerField(help_text="Start of the window, epoch milliseconds.")
    used = models.PositiveIntegerField(help_text="How often it was counted in the window.")
    last_at = models.BigIntegerField(help_text="When it was last counted, epoch milliseconds.")

    class Meta:
        verbose_name = "rate count"

    def __str__(self) -> str:
        return f"{self.subject}: {self.used}"
