import datetime as dt
import ipaddress
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from roster import secrets
from roster.models.time_stamped import TimeStamped
from roster.privacy import Audience, Grant, Level
from roster.querysets import ApiKeyQuerySet
from roster.ranges import InstantColumn

DEFAULT_RATE = 400
"""The default rate limit of a key, in requests per minute."""


def validate_networks(networks: Any) -> None:
    """Accept a list of networks in CIDR notation."""
    if not isinstance(networks, list):
        raise ValidationError('Networks are a list: ["192.0.2.0/24", "2001:db8::/32"].')
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except (ValueError, TypeError) as error:
            raise ValidationError(f"{network!r} is not a network like 192.0.2.0/24 or 2001:db8::/32.") from error


class ApiKey(TimeStamped):
    """The credential of a client program: a bearer key, or a key pair that signs queries (docs/keys.md)."""

    class Kind(models.TextChoices):
        BEARER = "bearer", "Bearer key"
        SIGNED = "signed", "Signed query"

    name = models.CharField(max_length=200, help_text="Who uses this key, and for what.")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.BEARER, editable=False)
    prefix = models.CharField(
        max_length=40,
        unique=True,
        editable=False,
        help_text="The part by which the key is found; of a signed-query key, the public key. Not a secret.",
    )
    secret_hash = models.CharField(max_length=64, blank=True, editable=False, help_text="Of a bearer key only.")
    secret_key_id = models.CharField(
        max_length=8,
        blank=True,
        editable=False,
        help_text="For a bearer key: the id of the SECRET_KEY that its hash depends on; blank if not stored yet.",
    )
    private_key_encrypted = models.TextField(blank=True, editable=False, help_text="Of a signed-query key only.")
    audience = models.CharField(max_length=6, choices=Level, default=Level.PUBLIC, help_text="What the key may read.")
    may_read_reflections = models.BooleanField(default=False, help_text="Only a staff key may.")
    is_limited = models.BooleanField(
        "limited to organizations",
        default=False,
        help_text="The key sees only the organizations listed with it; if none is listed, it sees nothing.",
    )
    networks = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_networks],
        help_text='Networks the key may be used from, as ["192.0.2.0/24"]; an empty list: from anywhere.',
    )
    bound_to = models.GenericIPAddressField(
        "bound to address",
        null=True,
        blank=True,
        help_text="For a signed-query key: the only address from which it may be used, which is part of its hashes.",
    )
    allow_md5 = models.BooleanField(
        "allow MD5", default=False, help_text="Of a signed-query key: accept the MD5 hashes of older clients."
    )
    rate = models.PositiveIntegerField(default=DEFAULT_RATE, help_text="Requests a minute.")
    expires_at = InstantColumn("expires", null=True, blank=True)
    revoked_at = InstantColumn("revoked", null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=["public", "campus", "staff"]),
                name="api_key_audience_is_known",
                violation_error_message="The audience of a key is public, campus or staff.",
            ),
            models.CheckConstraint(
                condition=Q(kind="bearer", private_key_encrypted="") & ~Q(secret_hash="")
                | Q(kind="signed", secret_hash="") & ~Q(private_key_encrypted=""),
                name="api_key_has_the_secret_of_its_kind",
                violation_error_message="A bearer key has a secret's hash, a signed-query key a private key.",
            ),
            models.CheckConstraint(
                condition=Q(may_read_reflections=False) | Q(audience="staff"),
                name="api_key_reflections_are_for_staff",
                violation_error_message="Only a staff key may read reflections.",
            ),
            models.CheckConstraint(
                condition=Q(kind="signed") | Q(bound_to=None, allow_md5=False),
                name="api_key_signing_options_need_signing",
                violation_error_message="Only a signed-query key is bound to an address or allows MD5.",
            ),
            models.CheckConstraint(
                condition=Q(rate__gte=1),
                name="api_key_rate_is_positive",
                violation_error_message="A key may make at least one request a minute.",
            ),
        ]

    @property
    def grants(self) -> Grant:
        """The grant of this key: what a program may read with it."""
        return Grant(Level(self.audience), reads_reflections=self.may_read_reflections)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    @classmethod
    def create_bearer(cls, name: str, **fields: Any) -> "tuple[ApiKey, str]":
        """Create a bearer key. Returns it and its text, `cr_<prefix>_<secret>`, which is not stored."""
        return cls._create(cls.Kind.BEARER, name=name, **fields)

    @classmethod
    def create_signed(cls, name: str, **fields: Any) -> "tuple[ApiKey, str]":
        """Create a signed-query key, whose public key is its prefix. Returns it and its unencrypted private key."""
        return cls._create(cls.Kind.SIGNED, name=name, **fields)

    @classmethod
    def _create(cls, kind: Kind, **fields: Any) -> "tuple[ApiKey, str]":
        key = cls(**fields)
        text = key.take_new_secret(kind)
        key.full_clean()
        key.save()
        return key, text

    def take_new_secret(self, kind: Kind) -> str:
        """Give this unsaved key its kind and a new secret. Returns the text of the secret, which is not stored."""
        self.kind, self.prefix, secret = kind, secrets.new_prefix(), secrets.new_secret()
        if kind == self.Kind.SIGNED:
            self.private_key_encrypted = secrets.encrypt(secret)
            return secret
        self.secret_hash, self.secret_key_id = secrets.keyed_hash(secret), secrets.installation_key_id()
        return f"{secrets.KEY_MARK}_{self.prefix}_{secret}"

    def revoke(self, *, on: dt.datetime) -> None:
        """Revoke this key from the instant `on`; no effect if it is revoked already."""
        if self.revoked_at is None:
            self.revoked_at = on
            self.save(update_fields=["revoked_at"])

    def is_in_force(self, *, on: dt.datetime) -> bool:
        """Is it neither revoked nor expired at the instant `on`?"""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > on)

    def may_come_from(self, address: str) -> bool:
        """May this key be used from this IP address?"""
        if self.bound_to is None and not self.networks:
            return True
        try:
            caller = ipaddress.ip_address(address)
        except ValueError:
            return False
        if self.bound_to is not None and caller != ipaddress.ip_address(self.bound_to):
            return False
        return not self.networks or any(caller in ipaddress.ip_network(network) for network in self.networks)

    def get_audience(self) -> Audience:
        """The audience of this key."""
        return Audience(
            level=Level(self.audience),
            limited_by=self.pk if self.is_limited else None,
            may_read_reflections=self.may_read_reflections,
        )
