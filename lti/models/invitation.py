"""Invitations for tools to register themselves."""

import datetime as dt

from django.db import models
from django.utils import timezone

from lti.models.tool import Tool
from lti.querysets import InvitationQuerySet
from roster import secrets
from roster.names import validate_name
from roster.ranges import InstantColumn

INVITATION_LIFETIME = dt.timedelta(days=7)
"""How long an invitation is valid by default."""


class Invitation(models.Model):
    """Permission for one tool to register itself. The tool is pending until staff activate it."""

    name = models.CharField(max_length=200, validators=[validate_name], help_text="Which tool is invited, by whom.")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = InstantColumn("created", default=timezone.now, editable=False)
    expires_at = InstantColumn("expires")
    used_at = InstantColumn("used", null=True, blank=True, editable=False)
    tool = models.OneToOneField(
        Tool,
        null=True,
        blank=True,
        editable=False,
        related_name="invitation",
        on_delete=models.SET_NULL,  # a used invitation stays used
        help_text="The tool that registered with it.",
    )

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @classmethod
    def create(
        cls, name: str, *, on: dt.datetime, lifetime: dt.timedelta = INVITATION_LIFETIME
    ) -> "tuple[Invitation, str]":
        """A new invitation and its token, which can never be read again."""
        token = secrets.new_secret()
        invitation = cls(name=name, token_hash=secrets.keyed_hash(token), created_at=on, expires_at=on + lifetime)
        invitation.full_clean()
        invitation.save()
        return invitation, token
