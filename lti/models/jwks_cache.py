"""The cached key set of another site."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import F

from roster.models import TimeStamped
from roster.ranges import InstantColumn


class JwksCache(TimeStamped):
    """A program elsewhere that shows its public keys at an address, and what was fetched from there for all workers."""

    jwks = models.JSONField(null=True, blank=True, editable=False, help_text="The key set as it was last fetched.")
    jwks_fetched_at = InstantColumn("key set fetched", null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def store_jwks(self, jwks: Any, *, on: dt.datetime) -> None:
        """Keep the key set that was fetched at the instant `on`."""
        self.keep(jwks=jwks, jwks_fetched_at=on)

    def keep(self, **values: Any) -> None:
        """Write what was fetched: the registration has not changed by it, so that its time of modification stays."""
        for name, value in values.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**values, modified_at=F("modified_at"))
