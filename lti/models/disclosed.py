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
