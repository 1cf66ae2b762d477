"""Public keys of tools that have no key set URL."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models

from lti import keys
from lti.models.tool import Tool
from lti.querysets import ToolKeyQuerySet
from roster.privacy import Grant
from roster.ranges import InstantColumn

MAX_KID_LENGTH = 200
"""Maximum characters of a key id."""


class ToolKey(models.Model):
    """A public key with which a tool without a key set URL authenticates."""

    tool = models.ForeignKey(
        Tool,
        related_name="keys",
        on_delete=models.CASCADE,  # useless without its tool
    )
    kid = models.CharField(
        "key id",
        max_length=MAX_KID_LENGTH,
        blank=True,
        help_text="As in the tool's tokens; empty: tokens with any key id may use it.",
    )
    public_jwk = models.JSONField("public key", editable=False, help_text="As a JWK.")
    created_at = InstantColumn("created", auto_now_add=True)
    retired_at = InstantColumn("retired", null=True, blank=True, help_text="From then on it is refused.")

    objects = ToolKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "public key of a tool"
        verbose_name_plural = "public keys of a tool"

    def __str__(self) -> str:
        return self.kid or keys.thumbprint(self.public_jwk)

    @property
    def grants(self) -> Grant:
        """What it grants a program to read: the same as the tool, because its key authenticates as the tool."""
        return self.tool.grants

    @classmethod
    def read(cls, tool: Tool, text: str) -> "ToolKey":
        """A key of a tool, not saved yet, from the text of a PEM or a JWK. ValidationError for any other text."""
        public_jwk = keys.read_public_key(text)
        kid = public_jwk.get("kid", "")
        if len(kid) > MAX_KID_LENGTH:
            raise ValidationError(f"A key id (kid) of at most {MAX_KID_LENGTH} characters is accepted.")
        return cls(tool=tool, kid=kid, public_jwk=public_jwk)

    def retire(self, *, on: dt.datetime) -> None:
        """Refuse this key from the instant `on`; a second time changes nothing."""
        if self.retired_at is None:
            self.retired_at = on
            self.save(update_fields=["retired_at"])
