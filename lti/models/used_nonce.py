"""Replay protection."""

import datetime as dt
import hashlib

from django.db import IntegrityError, models, transaction

from roster.ranges import InstantColumn


class UsedNonce(models.Model):
    """A value that is accepted once: the `jti` of an assertion, the nonce of a launch. For all workers."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = InstantColumn(help_text="From then on the value is refused for its age, and this row can be deleted.")

    class Meta:
        db_table = "lti_once"
        verbose_name = "used nonce"
        indexes = [
            # the deletion of expired values, at every new one
            models.Index(fields=["expires_at"], name="lti_once_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def use(cls, *parts: str, until: dt.datetime, on: dt.datetime) -> bool:
        """Is this the first use of the value? The unique digest decides, also between concurrent requests.

        `parts` name the value: its kind, its issuer, and itself.
        """
        cls.objects.filter(expires_at__lt=on).delete()
        digest = hashlib.sha256("\0".join(part.replace("\0", "") for part in parts).encode()).hexdigest()
        try:
            with transaction.atomic():
                cls.objects.create(digest=digest, expires_at=until)
        except IntegrityError:
            return False
        return True
