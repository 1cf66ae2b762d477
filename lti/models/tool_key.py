"""Public keys of tools that have no key set URL."""

import datetime as dt

from django.db import models

from lti import keys
from lti.models.tool import Tool
from lti.querysets import ToolKeyQuerySet
from roster.privacy import Grant
from roster.ranges import InstantColumn


class ToolKey(models.Model):
    """A public key by which a tool without a key set URL shows who it is."""

    tool = models.ForeignKey(
        Tool,
        related_name="keys",
        on_delete=models.CASCADE,  # a key of no tool opens nothing
    )
    kid = models.CharField(
        "key id", max_length=200, blank=True, help_text="As the tool's tokens name it; empty: any of its keys may do."
    )
    public_jwk = models.JSONField("public key", editable=False, help_text="As a JWK.")
    created_at = InstantColumn("created", auto_now_add=True)
    retired_at = InstantColumn("retired", null=True, blank=True, help_text="From then on it opens nothing.")

    objects = ToolKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "public key of a tool"
        verbose_name_plural = "public keys of a tool"

    def __str__(self) -> str:
        return self.kid or keys.thumbprint(self.public_jwk)

    @property
    def grants(self) -> Grant:
        """What it lets a program read: who has a tool's key is the tool."""
        return self.tool.grants

    @classmethod
    def read(cls, tool: Tool, text: str) -> "ToolKey":
        """A key of a tool, not saved yet, from the text of a PEM or a JWK. ValidationError for any other text."""
        public_jwk = keys.read_public_key(text)
        return cls(tool=tool, kid=public_jwk.get("kid", ""), public_jwk=public_jwk)

    def retire(self, *, on: dt.datetime) -> None:
        """Let this key open nothing from the instant `on`; a second time changes nothing."""
        if self.retired_at is None:
            self.retired_at = on
            self.save(update_fields=["retired_at"])
