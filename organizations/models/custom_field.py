from django.db import models

from organizations.models.organization import Organization
from organizations.querysets import CustomFieldQuerySet
from roster.json_text import validate_texts
from roster.models import ChangeTracked
from roster.names import validate_name


class CustomField(ChangeTracked):
    """A custom field of an organization: a name and its values."""

    organization = models.ForeignKey(
        Organization,
        related_name="custom_fields",
        on_delete=models.CASCADE,  # a part of the organization
    )
    name = models.CharField(max_length=200, validators=[validate_name])
    values = models.JSONField(
        default=list, validators=[validate_texts], help_text='A list of texts: ["Tuesday", "Thursday"].'
    )
    is_public = models.BooleanField("public", default=False, help_text="May others than staff read it?")

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "name"],
                name="custom_field_is_unique_in_its_organization",
                violation_error_message="This organization has a custom field of this name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.name
