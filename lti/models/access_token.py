"""Access tokens of the Names and Roles service."""

import datetime as dt

from django.db import models
from django.utils import timezone

from lti.models.tool import Tool
from lti.querysets import AccessTokenQuerySet
from roster import secrets
from roster.ranges import InstantColumn

ACCESS_TOKEN_LIFETIME = 3600
"""Seconds that an access token is good for."""


class AccessToken(models.Model):
    """What a tool got from the token endpoint. The text itself is not kept."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    tool = models.ForeignKey(
        Tool,
        related_name="access_tokens",
        on_delete=models.CASCADE,  # a token of no tool opens nothing
    )
    scope = models.TextField(help_text="What it opens: scopes with spaces between.")
    issued_at = InstantColumn(default=timezone.now)
    expires_at = InstantColumn()

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        indexes = [
            # the removal of those expired, at every token that is issued
            models.Index(fields=["expires_at"], name="lti_access_token_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"access token of {self.tool.name}"

    @classmethod
    def issue(cls, tool: Tool, text: str, scope: str, *, on: dt.datetime) -> "AccessToken":
        """Keep a token that is good for an hour from the instant `on`; forget those expired."""
        cls.objects.filter(expires_at__lt=on).delete()
        return cls.objects.create(
            token_hash=secrets.keyed_hash(text),
            tool=tool,
            scope=scope,
            issued_at=on,
            expires_at=on + dt.timedelta(seconds=ACCESS_TOKEN_LIFETIME),
        )

    # What Authlib asks of a token

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return bool(self.expires_at <= timezone.now())

    def is_revoked(self) -> bool:
        return not self.tool.is_active
