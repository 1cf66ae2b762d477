from django.db import models

from roster.models.api_key import ApiKey
from roster.ranges import InstantColumn


class LastUse(models.Model):
    """When a key was last used, to the minute: written when a new minute of its rate limit begins.

    `KeyUse` is unlogged on PostgreSQL and empty after a crash of the database; this table is not.
    """

    api_key = models.OneToOneField(
        ApiKey,
        primary_key=True,
        related_name="last_use",
        on_delete=models.CASCADE,  # useless without its key
    )
    last_used_at = InstantColumn("last used")

    class Meta:
        verbose_name = "last use of a key"
        verbose_name_plural = "last uses of keys"

    def __str__(self) -> str:
        return f"Key {self.api_key_id} was used at {self.last_used_at}"
