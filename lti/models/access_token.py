"""Access tokens of the Names and Roles service."""

import datetime as dt

from django.db import models
from django.utils import timezone

from lti.models.tool import Tool
from lti.querysets import AccessTokenQuerySet
from roster import secrets
from roster.ranges import InstantColumn

ACCESS_TOKEN_LIFETIME = 3600
"""Seconds that an access token is valid."""


class AccessToken(models.Model):
    """An access token of a tool. Its text is not stored."""

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    tool = models.ForeignKey(
        Tool,
        related_name="access_tokens",
        on_delete=models.CASCADE,  # useless without its tool
    )
    scope = models.TextField(help_text="Its scopes, separated by spaces.")
    issued_at = InstantColumn(default=timezone.now)
    expires_at = InstantColumn()

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        indexes = [
            # the deletion of expired tokens, at every issued one
            models.Index(fields=["expires_at"], name="lti_access_token_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"access token of {self.tool.name}"

    @classmethod
    def issue(cls, tool: Tool, text: str, scope: str, *, on: dt.datetime) -> "AccessToken":
        """Store a token that is valid for an hour from the instant `on`; delete expired ones."""
        cls.objects.filter(expires_at__lt=on).delete()
        return cls.objects.create(
            token_hash=secrets.keyed_hash(text),
            tool=tool,
            scope=scope,
            issued_at=on,
            expires_at=on + dt.timedelta(seconds=ACCESS_TOKEN_LIFETIME),
        )

    # Authlib's interface of a token

    def get_scope(self) -> str:
        return self.scope

    def is_expired(self) -> bool:
        return bool(self.expires_at <= timezone.now())

    def is_revoked(self) -> bool:
        return not self.tool.is_active
