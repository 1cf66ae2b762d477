"""Which people have been disclosed to which tool."""

from types import MappingProxyType

from django.conf import settings
from django.db import models

from lti.models.context import Context
from lti.models.tool import Tool
from lti.querysets import DisclosedQuerySet
from roster.models import OnMerge
from roster.ranges import InstantColumn


class Disclosed(models.Model):
    """A person who was disclosed to a tool as a member of an organization, and the row that was disclosed last.

    Only such a person is ever reported as removed: the tool must not learn that others were there. And only a row that
    differs from the last one is reported, so that a change of what the tool may not read is not revealed.
    """

    GONE = "gone"

    id = models.BigAutoField(primary_key=True)
    tool = models.ForeignKey(
        Tool,
        related_name="disclosed",
        db_index=False,  # served by the constraint
        on_delete=models.CASCADE,  # a part of the tool's record
    )
    context = models.ForeignKey(
        Context,
        related_name="disclosed",
        on_delete=models.CASCADE,  # names the organization
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        related_name="disclosed_to",
        on_delete=models.CASCADE,  # an account without memberships was never disclosed
    )
    first_told_at = InstantColumn("first disclosed", auto_now_add=True)
    digest = models.CharField(
        "digest of the row",
        max_length=64,
        blank=True,
        editable=False,
        help_text="SHA-256 of the row that was disclosed last; “gone” if the removal was; empty if only a "
        "launch disclosed the person.",
    )
    changed_at = InstantColumn(
        "last change disclosed",
        null=True,
        blank=True,
        editable=False,
        help_text="When the row was found to have changed.",
    )
    changed_in = models.BigIntegerField(
        null=True,
        blank=True,
        editable=False,
        help_text="Which walk over the roster found the change: when that walk began, in epoch milliseconds.",
    )

    when_merged = MappingProxyType({"user": OnMerge.STAYS})  # the tool has to receive the removal of this one
    named_after = ("tool",)
    objects = DisclosedQuerySet.as_manager()

    class Meta:
        verbose_name = "person disclosed to a tool"
        verbose_name_plural = "people disclosed to tools"
        constraints = [
            models.UniqueConstraint(
                # also serves the differences of a roster: the disclosed people in page order
                fields=["tool", "context", "user"],
                name="lti_disclosed_once",
                violation_error_message="This person is known to have been disclosed to this tool already.",
            ),
        ]
        indexes = [
            # differences: changes that another walk has found since
            models.Index(fields=["tool", "context", "changed_at", "changed_in"], name="lti_disclosed_by_change"),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} to {self.tool.name}"
