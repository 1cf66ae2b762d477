from typing import Any

from django.db import models, transaction

from organizations.models.organization import Organization
from organizations.querysets import LimitedKeyQuerySet
from roster.models import ApiKey, ChangeTracked


class LimitedKey(ChangeTracked):
    """One of the organizations that an API key is limited to."""

    api_key = models.ForeignKey(
        ApiKey,
        related_name="organizations",
        on_delete=models.CASCADE,  # a limit is useless without its key
    )
    organization = models.ForeignKey(
        Organization,
        related_name="limited_keys",
        on_delete=models.CASCADE,  # the key stays limited and sees less
    )

    named_after = ("api_key", "organization")
    objects = LimitedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "organization of a limited key"
        verbose_name_plural = "organizations of a limited key"
        constraints = [
            models.UniqueConstraint(
                fields=["api_key", "organization"],
                name="limited_key_names_an_organization_once",
                violation_error_message="This key is limited to this organization already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.api_key.name}: {self.organization.name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the limit and mark the key as limited, so that deleting the last row does not widen its access."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            ApiKey.objects.filter(pk=self.api_key_id, is_limited=False).update(is_limited=True)
