"""The cached key set of another site."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F

from roster.models import TimeStamped
from roster.ranges import InstantColumn


class JwksCache(TimeStamped):
    """A site with a key set URL, and the key set that was fetched from there, for all workers."""

    jwks = models.JSONField(null=True, blank=True, editable=False, help_text="The key set as it was last fetched.")
    jwks_fetched_at = InstantColumn("key set fetched", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def store_jwks(self, jwks: Any, *, on: dt.datetime) -> None:
        """Store the key set that was fetched at the instant `on`."""
        self.store(jwks=jwks, jwks_fetched_at=on)

    def store(self, **values: Any) -> None:
        """Store fetched values. The registration has not changed, so its time of modification stays."""
        for name, value in values.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**values, modified_at=F("modified_at"))
