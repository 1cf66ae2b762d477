from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from organizations.models.named_model import NamedModel
from organizations.models.position_type import PositionType
from organizations.querysets import PositionTemplateQuerySet
from roster.json_text import is_text


def validate_lti_roles(roles: Any) -> None:
    """Accept a list of role URIs."""
    if not isinstance(roles, list) or not all(is_text(role) and "://" in role for role in roles):
        raise ValidationError('LTI roles are a list of URIs: ["http://purl.imsglobal.org/vocab/lis/v2/..."].')


class PositionTemplate(NamedModel):
    """The common properties of positions in many organizations: President, Treasurer, Member ..."""

    default_type = models.ForeignKey(
        PositionType,
        null=True,
        blank=True,
        related_name="templates",
        on_delete=models.PROTECT,  # a type in use must not be deleted
        help_text="The type of a new position of this kind.",
    )
    default_shown_on_campus = models.BooleanField(
        null=True, blank=True, help_text="Is a new membership on the campus roster? Unknown: yes."
    )
    default_shown_on_public = models.BooleanField(
        null=True, blank=True, help_text="Is a new membership on the public roster? Unknown: no."
    )
    lti_roles = models.JSONField(
        "LTI roles",
        default=list,
        blank=True,
        validators=[validate_lti_roles],
        help_text="LIS role URIs of the holders in Names and Roles responses.",
    )
    is_active = models.BooleanField("active", default=True, help_text="A template in use is retired, never deleted.")

    objects = PositionTemplateQuerySet.as_manager()  # type: ignore[misc]  # adds methods to NamedQuerySet

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_template_has_a_name",
                violation_error_message="A position template needs a name.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the template; a new name or new roles mark its positions as modified."""
        with transaction.atomic():
            same = PositionTemplate.objects.filter(pk=self.pk, name=self.name, lti_roles=self.lti_roles)
            is_changed = not self._state.adding and not same.exists()
            super().save(*args, **kwargs)
            if is_changed:
                self.positions.update(modified_at=timezone.now())
