"""Learning platforms of which this server is a tool."""

import datetime as dt

from django.db import models
from django.db.models import Q

from lti.models.jwks_cache import JwksCache
from lti.models.tool import Tool
from lti.querysets import LearningPlatformQuerySet
from lti.validators import validate_url
from roster import secrets
from roster.identifiers import no_invisible_characters
from roster.names import validate_identifier, validate_name
from roster.privacy import Grant, Level
from roster.ranges import InstantColumn

RENEWED_BEFORE = dt.timedelta(seconds=60)
"""How long before its expiry an access token is renewed."""


class LearningPlatform(JwksCache):
    """A learning management system (LMS) in which this server is registered as a tool."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        DISABLED = "disabled", "Disabled"

    name = models.CharField(max_length=200, validators=[validate_name], help_text="What staff call it.")
    issuer = models.CharField(
        max_length=255,
        validators=[validate_url],
        help_text="The id of the LMS, often its URL. Copy it exactly.",
    )
    client_id = models.CharField(
        max_length=255,
        validators=[validate_name, validate_identifier],
        help_text="The id that the LMS gave this server. Not a secret.",
    )
    authorization_url = models.CharField(
        "authorization URL",
        max_length=500,
        validators=[validate_url],
        help_text="Where the browser is sent to sign in (OIDC authentication request URL).",
    )
    token_url = models.CharField(
        "access token URL", max_length=500, validators=[validate_url], help_text="Where access tokens are requested."
    )
    key_set_url = models.CharField(
        "key set URL", max_length=500, validators=[validate_url], help_text="Where it publishes its public keys."
    )
    token_audience = models.CharField(
        max_length=500,
        blank=True,
        validators=[validate_name],
        help_text="Only where the LMS shows one, as Brightspace does. Empty: the access token URL.",
    )
    status = models.CharField(
        max_length=8,
        choices=Status,
        default=Status.ACTIVE,
        help_text="Only an active one can launch, and only its rosters are read.",
    )
    tool = models.ForeignKey(
        Tool,
        null=True,
        blank=True,
        related_name="learning_platforms",
        on_delete=models.PROTECT,  # says who may read its rosters
        help_text="The tool that a launch from a course opens, and whose API keys read the course's roster "
        "with the ltik. Empty: its courses can only be linked to organizations.",
    )
    access_token_encrypted = models.TextField(blank=True, editable=False, help_text="Depends on SECRET_KEY.")
    access_token_expires_at = InstantColumn(null=True, blank=True, editable=False)

    objects = LearningPlatformQuerySet.as_manager()

    class Meta:
        verbose_name = "learning platform (LMS)"
        verbose_name_plural = "learning platforms (LMS)"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(client_id=""),
                name="lti_learning_platform_has_a_name_and_client_id",
                violation_error_message="A learning platform needs a name and a client id.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "active", "disabled"]),
                name="lti_learning_platform_status_is_known",
                violation_error_message="The status of a learning platform is Pending, Active or Disabled.",
            ),
            models.UniqueConstraint(
                fields=["issuer", "client_id"],
                name="lti_learning_platform_once",
                violation_error_message="This server is registered with this issuer under this client id already.",
            ),
            *no_invisible_characters("lti_learning_platform", "client_id"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def grants(self) -> Grant:
        """What it grants a program to read: the rosters of its courses, for its tool."""
        return self.tool.grants if self.tool else Grant(Level.PUBLIC)

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE

    @property
    def signs_for(self) -> str:
        """`aud` of the assertions that this server signs for access tokens."""
        return self.token_audience or self.token_url

    def access_token(self, *, on: dt.datetime) -> str | None:
        """The stored access token, if it is still valid for a while at the instant `on`."""
        if not self.access_token_expires_at or self.access_token_expires_at - RENEWED_BEFORE <= on:
            return None
        try:
            return secrets.decrypt(self.access_token_encrypted)
        except ValueError:  # SECRET_KEY has changed
            return None

    def store_access_token(self, text: str, *, until: dt.datetime) -> None:
        """Store an access token for all workers, until it expires."""
        self.store(access_token_encrypted=secrets.encrypt(text), access_token_expires_at=until)
