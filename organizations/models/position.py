from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from organizations.models.organization import NamedModel, Organization
from organizations.querysets import PositionQuerySet, PositionTemplateQuerySet
from organizations.roster_order import order_key
from roster.json_text import is_text
from roster.models import ChangeTracked, HasSearchKeys, TimeStamped
from roster.names import MAX_SEARCH_KEY_LENGTH, ByteOrderField, SearchKeyField, validate_name


def validate_lti_roles(roles: Any) -> None:
    """Accept a list of role URIs."""
    if not isinstance(roles, list) or not all(is_text(role) and "://" in role for role in roles):
        raise ValidationError('LTI roles are a list of URIs: ["http://purl.imsglobal.org/vocab/lis/v2/..."].')


class PositionType(NamedModel):
    """A label on a position: Officer, Member ..."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_type_has_a_name",
                violation_error_message="A position type needs a name.",
            ),
        ]


class PositionTemplate(NamedModel):
    """The campus-wide kind of position: President, Treasurer, Member ..."""

    default_type = models.ForeignKey(
        PositionType,
        null=True,
        blank=True,
        related_name="templates",
        on_delete=models.PROTECT,  # a type in use is not removed by accident
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
        help_text="LIS role URIs that a holder has in a Names and Roles answer.",
    )
    is_active = models.BooleanField("active", default=True, help_text="A template in use is retired, never deleted.")

    objects = PositionTemplateQuerySet.as_manager()  # type: ignore[misc]  # words of its own, beside those of all names

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_template_has_a_name",
                violation_error_message="A position template needs a name.",
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write the template; other roles, or a name that stands for others, count as a change of its positions."""
        with transaction.atomic():
            same = PositionTemplate.objects.filter(pk=self.pk, name=self.name, lti_roles=self.lti_roles)
            is_changed = not self._state.adding and not same.exists()
            super().save(*args, **kwargs)
            if is_changed:
                self.positions.update(modified_at=timezone.now())


class Position(ChangeTracked, TimeStamped, HasSearchKeys):
    """A seat in one organization, of one campus-wide kind."""

    organization = models.ForeignKey(
        Organization,
        related_name="positions",
        on_delete=models.PROTECT,  # an organization with seats is retired by status
    )
    template = models.ForeignKey(
        PositionTemplate,
        related_name="positions",
        on_delete=models.PROTECT,  # a position has exactly one template, always
    )
    type = models.ForeignKey(
        PositionType,
        blank=True,
        related_name="positions",
        on_delete=models.PROTECT,  # a type in use is not removed by accident
        help_text="Left empty on a new position, it is the template's default.",
    )
    name = models.CharField(max_length=200, validators=[validate_name])
    name_folded = SearchKeyField(of=("name",))
    order_key = ByteOrderField(
        max_length=2 * MAX_SEARCH_KEY_LENGTH + 12,
        editable=False,
        help_text="Folded organization name, organization id, folded name: the order of every roster.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="A position that was held is retired, not deleted."
    )

    named_after = ("organization",)
    objects = PositionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # what relations write, `template.positions.add(...)`, is written by its words
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_has_a_name",
                violation_error_message="A position needs a name.",
            ),
        ]
        indexes = [
            # GET /api/memberships and /api/positions of everything: the order of the whole roster
            models.Index(fields=["order_key", "id"], name="position_by_order"),
            # GET /api/memberships?organizationId= and /api/positions?organizationId=
            models.Index(fields=["organization", "order_key", "id"], name="position_by_organization"),
            # Names and Roles: from one position of an organization to its next, over those that nobody holds
            models.Index(fields=["organization", "id"], name="position_of_organization"),
            # Names and Roles: what changed of a roster lately
            models.Index(fields=["modified_at"], name="position_by_modification"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organization.name}"

    def clean(self) -> None:
        """A type is left empty only where the template has one to give."""
        if self.type_id is None and self.template_id is not None and self.template.default_type_id is None:
            raise ValidationError({"type": f"Choose a type: the template “{self.template}” has no default type."})

    def save(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """Write the position; where its name or organization is written, with the order key that they give it.

        The organization's row is locked meanwhile, so that a rename at the same moment misses no position.
        """
        if self.type_id is None and self.template.default_type_id is not None:
            self.type_id = self.template.default_type_id
        with transaction.atomic():
            if update_fields is None or not {"name", "organization", "organization_id"}.isdisjoint(update_fields):
                self._set_order_key()
                update_fields = update_fields and {*update_fields, "order_key"}
            super().save(*args, update_fields=update_fields, **kwargs)

    def _set_order_key(self) -> None:
        organization = Organization.objects.select_for_update().only("name_folded").get(pk=self.organization_id)
        self.order_key = order_key(organization.name_folded, organization.pk, self.name)
