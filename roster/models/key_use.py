from django.db import models
from django.utils import timezone

from roster.models.api_key import ApiKey
from roster.ranges import InstantColumn


class KeyUse(models.Model):
    """The number of requests of a key in its current minute, and its last use: one row for each key."""

    api_key = models.OneToOneField(
        ApiKey,
        primary_key=True,
        related_name="use",
        on_delete=models.CASCADE,  # a count is useless without its key
    )
    window_started_at = models.BigIntegerField(help_text="Start of the counted minute, epoch milliseconds.")
    requests = models.PositiveIntegerField(help_text="Requests in the counted minute.")
    last_used_at = InstantColumn("last used", default=timezone.now)

    class Meta:
        verbose_name = "use of a key"
        verbose_name_plural = "use of keys"

    def __str__(self) -> str:
        return f"{self.requests} requests of key {self.api_key_id}"
