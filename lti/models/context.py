"""Organizations as LTI contexts."""

import uuid

from django.db import models

from lti.querysets import ContextQuerySet
from organizations.models import Organization


class Context(models.Model):
    """An organization as an LTI context, with an id that does not reveal the organization's own."""

    organization = models.OneToOneField(
        Organization,
        related_name="lti_context",
        on_delete=models.CASCADE,  # another name of the organization
    )
    uuid = models.UUIDField("context id", unique=True, default=uuid.uuid4, editable=False)

    named_after = ("organization",)
    objects = ContextQuerySet.as_manager()

    class Meta:
        verbose_name = "LTI context"

    def __str__(self) -> str:
        return f"{self.organization.name} ({self.uuid})"
