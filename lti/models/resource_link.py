"""Places from which tools are launched."""

import uuid

from django.db import models
from django.db.models import Q

from lti.models.context import Context
from lti.models.custom_parameters import custom_parameters_column
from lti.models.deployment import Deployment
from lti.validators import validate_url
from roster.models import TimeStamped
from roster.privacy import Grant
from roster.querysets import TimeStampedQuerySet


class ResourceLink(TimeStamped):
    """A place in an organization from which a tool is launched."""

    deployment = models.ForeignKey(
        Deployment,
        related_name="resource_links",
        on_delete=models.CASCADE,  # a part of the deployment
    )
    context = models.ForeignKey(
        Context,
        related_name="resource_links",
        on_delete=models.CASCADE,  # a part of the organization's pages
    )
    uuid = models.UUIDField("resource link id", unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(
        max_length=200, blank=True, help_text="What the launch button says; empty: the tool's name."
    )
    target_link_url = models.CharField(
        "launch URL", max_length=500, blank=True, validators=[validate_url], help_text="Empty: the tool's own."
    )
    custom = custom_parameters_column("Sent with each launch from here, before those of the tool.")

    named_after = ("deployment", "context")
    objects = TimeStampedQuerySet.as_manager()

    class Meta:
        verbose_name = "resource link"
        constraints = [
            models.UniqueConstraint(
                # concurrent first launches of a deployment share one link
                fields=["deployment", "context"],
                condition=Q(title=""),
                name="lti_one_untitled_resource_link",
                violation_error_message="This deployment has a link without a title in this organization already. "
                "Give this one a title.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}, {self.context.organization.name}"

    @property
    def grants(self) -> Grant:
        """What it grants a program to read."""
        return self.deployment.grants

    @property
    def label(self) -> str:
        return self.title or self.deployment.tool.name

    @property
    def opens(self) -> str:
        """The URL that a launch opens."""
        return self.target_link_url or self.deployment.tool.target_link_url
