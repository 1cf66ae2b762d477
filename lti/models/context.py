import uuid
from types import MappingProxyType

from django.conf import settings
from django.db import models
from django.db.models import Q

from lti.models.deployment import Deployment
from lti.models.tool import Tool, validate_custom, validate_url
from lti.querysets import ContextQuerySet, DisclosedQuerySet
from organizations.models import Organization
from roster.models import OnMerge, TimeStamped
from roster.privacy import Grant
from roster.querysets import TimeStampedQuerySet
from roster.ranges import InstantColumn


class Context(models.Model):
    """An organization as LTI knows it, by an id that says nothing of the organization's own."""

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
    custom = models.JSONField(
        "custom parameters",
        default=dict,
        blank=True,
        validators=[validate_custom],
        help_text="Sent with each launch from here, before those of the tool.",
    )

    named_after = ("deployment", "context")
    objects = TimeStampedQuerySet.as_manager()

    class Meta:
        verbose_name = "resource link"
        constraints = [
            models.UniqueConstraint(
                # also makes the first launches of a deployment agree on one link, whoever is first
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
        """What it lets a program read."""
        return self.deployment.grants

    @property
    def label(self) -> str:
        return self.title or self.deployment.tool.name

    @property
    def opens(self) -> str:
        """The URL that a launch from here opens."""
        return self.target_link_url or self.deployment.tool.target_link_url


class Disclosed(models.Model):
    """A person whom a tool has been told of as a member of an organization, by a roster or a launch, and with what.

    Only such a person is ever reported as gone: of others the tool must not learn that they were there. And only a row
    that is not the one told last is a difference, so that a change of what the tool may not read tells it nothing.
    """

    GONE = "gone"

    id = models.BigAutoField(primary_key=True)
    tool = models.ForeignKey(
        Tool,
        related_name="disclosed",
        db_index=False,  # served by the constraint
        on_delete=models.CASCADE,  # what a tool knew of is the tool's
    )
    context = models.ForeignKey(
        Context,
        related_name="disclosed",
        on_delete=models.CASCADE,  # says whose members were told of
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="disclosed_to",
        on_delete=models.CASCADE,  # somebody who never held a membership was never told of
    )
    first_told_at = InstantColumn("first told", auto_now_add=True)
    digest = models.CharField(
        "digest of the row",
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the row that the tool was told last; “gone” when it was told that the person is gone; "
        "empty when it was told of them by a launch only.",
    )
    changed_at = InstantColumn(
        "last change told", null=True, blank=True, editable=False, help_text="When the row was found to be another."
    )
    changed_in = models.BigIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Which walk over the roster found it: when that walk began, epoch milliseconds.",
    )

    when_merged = MappingProxyType({"user": OnMerge.STAYS})  # the tool has to be told that this one is gone
    named_after = ("tool",)
    objects = DisclosedQuerySet.as_manager()

    class Meta:
        verbose_name = "person disclosed to a tool"
        verbose_name_plural = "people disclosed to tools"
        constraints = [
            models.UniqueConstraint(
                # also serves the differences of a roster: those told of, in the order of the pages
                fields=["tool", "context", "user"],
                name="lti_disclosed_once",
                violation_error_message="This person is known to have been disclosed to this tool already.",
            ),
        ]
        indexes = [
            # differences: what another walk has found since
            models.Index(fields=["tool", "context", "changed_at", "changed_in"], name="lti_disclosed_by_change"),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} to {self.tool.name}"
