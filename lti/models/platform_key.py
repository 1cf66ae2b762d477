"""Keys with which this platform signs."""

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from joserfc.jwk import RSAKey

from lti.querysets import PlatformKeyQuerySet
from roster import secrets
from roster.ranges import InstantColumn


class PlatformKey(models.Model):
    """A key of this platform: the newest one signs, those retired lately are still published."""

    kid = models.CharField("key id", max_length=64, unique=True, editable=False)
    public_jwk = models.JSONField("public key", editable=False)
    private_key_encrypted = models.TextField(editable=False, help_text="Depends on SECRET_KEY, as API keys do.")
    created_at = InstantColumn("created", default=timezone.now, editable=False)
    signs = models.BooleanField(default=True, editable=False)
    retired_at = InstantColumn("retired", null=True, blank=True, editable=False, help_text="It no longer signs.")

    objects = PlatformKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "platform key"
        constraints = [
            models.UniqueConstraint(
                fields=["signs"],
                condition=models.Q(signs=True),
                name="lti_one_platform_key_signs",
                violation_error_message="One platform key signs at a time: retire the other.",
            ),
            models.CheckConstraint(
                condition=models.Q(signs=True, retired_at=None) | models.Q(signs=False, retired_at__isnull=False),
                name="lti_platform_key_signs_until_it_is_retired",
                violation_error_message="A platform key signs until it is retired.",
            ),
        ]

    def __str__(self) -> str:
        return self.kid

    @classmethod
    def rotate(cls, *, on: dt.datetime) -> "PlatformKey":
        """Create a new signing key; the one that signed until `on` is published for another month."""
        with transaction.atomic():
            cls.objects.filter(signs=True).update(signs=False, retired_at=on)
            return cls.create(on=on)

    @classmethod
    def signing(cls) -> "PlatformKey":
        """The signing key. The first one is created on first use."""
        key: PlatformKey | None = cls.objects.filter(signs=True).first()
        if key is not None:
            return key
        try:
            with transaction.atomic():
                return cls.create(on=timezone.now())
        except IntegrityError:  # another worker created it at the same time
            other: PlatformKey = cls.objects.get(signs=True)
            return other

    @classmethod
    def create(cls, *, on: dt.datetime) -> "PlatformKey":
        """A new signing key. IntegrityError while there is another."""
        key = RSAKey.generate_key(2048, auto_kid=False)
        kid = uuid.uuid4().hex
        created: PlatformKey = cls.objects.create(
            kid=kid,
            public_jwk={**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": "RS256"},
            private_key_encrypted=secrets.encrypt(key.as_pem(private=True).decode()),
            created_at=on,
        )
        return created

    @property
    def private_key(self) -> RSAKey:
        """The decrypted key. ValueError if SECRET_KEY has changed without a fallback."""
        return RSAKey.import_key(secrets.decrypt(self.private_key_encrypted), {"kid": self.kid})

    @classmethod
    def jwks(cls, *, on: dt.datetime) -> dict[str, Any]:
        """The published key set at the instant `on`."""
        return {"keys": [key.public_jwk for key in cls.objects.published(on=on)]}
