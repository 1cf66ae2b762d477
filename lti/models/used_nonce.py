"""Replay protection."""

import datetime as dt
import hashlib

from django.db import IntegrityError, models, transaction

from roster.ranges import InstantColumn


class UsedNonce(models.Model):
    """A value that is good once: the `jti` of a client's assertion, the nonce of a launch. Shared by all workers."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    expires_at = InstantColumn(help_text="From then on it is refused for its age, and need not be remembered.")

    class Meta:
        db_table = "lti_once"
        verbose_name = "used nonce"
        indexes = [
            # the removal of those expired, at every new one
            models.Index(fields=["expires_at"], name="lti_once_by_expiry"),
        ]

    def __str__(self) -> str:
        return self.digest

    @classmethod
    def use(cls, *parts: str, until: dt.datetime, on: dt.datetime) -> bool:
        """Is this the first time that the value comes? The unique digest decides, whoever else asks at that moment.

        `parts` name the value: its kind, who said it, and itself.
        """
        cls.objects.filter(expires_at__lt=on).delete()
        digest = hashlib.sha256("\0".join(part.replace("\0", "") for part in parts).encode()).hexdigest()
        try:
            with transaction.atomic():
                cls.objects.create(digest=digest, expires_at=until)
        except IntegrityError:
            return False
        return True
