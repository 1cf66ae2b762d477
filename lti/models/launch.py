"""Launches of tools."""

import datetime as dt
import uuid
from types import MappingProxyType

from django.conf import settings
from django.db import models

from lti.models.resource_link import ResourceLink
from lti.querysets import LaunchQuerySet
from roster.models import OnMerge, TimeStamped
from roster.ranges import InstantColumn


class Launch(TimeStamped):
    """One person opening a tool from a resource link."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    resource_link = models.ForeignKey(
        ResourceLink,
        related_name="launches",
        on_delete=models.PROTECT,  # the record of a launch says where it was
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="lti_launches",
        on_delete=models.CASCADE,  # meaningless without the person
    )
    completed_at = InstantColumn(
        "completed", null=True, blank=True, editable=False, help_text="When the tool got its id_token."
    )
    revoked_at = InstantColumn("revoked", null=True, blank=True, editable=False)

    when_merged = MappingProxyType({"user": OnMerge.STAYS})  # whom the tool received
    named_after = ("user", "resource_link")
    objects = LaunchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "launches"

    def __str__(self) -> str:
        return f"{self.user.username} opens {self.resource_link}"

    def complete(self, *, on: dt.datetime) -> bool:
        """Mark the launch as answered. False if it is already: a launch gets one id_token."""
        waiting = Launch.objects.filter(pk=self.pk, completed_at=None, revoked_at=None)
        return waiting.update(completed_at=on) == 1

    def revoke(self, *, on: dt.datetime) -> None:
        """Revoke the launch and its ltik from the instant `on`; a second time changes nothing."""
        if self.revoked_at is None:
            self.revoked_at = on
            self.save(update_fields=["revoked_at"])
