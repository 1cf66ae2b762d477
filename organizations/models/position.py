from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from organizations.models.organization import Organization
from organizations.models.position_template import PositionTemplate
from organizations.models.position_type import PositionType
from organizations.querysets import PositionQuerySet
from organizations.roster_order import order_key
from roster.models import ChangeTracked, HasDerivedColumns, HasSearchKeys, TimeStamped
from roster.names import MAX_SEARCH_KEY_LENGTH, ByteOrderField, SearchKeyField, validate_name


class Position(HasDerivedColumns, ChangeTracked, TimeStamped, HasSearchKeys):
    """A role in one organization, such as Treasurer, with a campus-wide template."""

    organization = models.ForeignKey(
        Organization,
        related_name="positions",
        on_delete=models.PROTECT,  # an organization with positions is retired by status
    )
    template = models.ForeignKey(
        PositionTemplate,
        related_name="positions",
        on_delete=models.PROTECT,  # a position always has exactly one template
    )
    type = models.ForeignKey(
        PositionType,
        blank=True,
        related_name="positions",
        on_delete=models.PROTECT,  # a type in use must not be deleted
        help_text="If empty on a new position, the default type of the template is used.",
    )
    name = models.CharField(max_length=200, validators=[validate_name])
    name_folded = SearchKeyField(of=("name",))
    order_key = ByteOrderField(
        max_length=2 * MAX_SEARCH_KEY_LENGTH + 12,
        editable=False,
        help_text="Search key of the organization name, its id, search key of the name: the order of every roster.",
    )
    is_active = models.BooleanField(
        "active", default=True, help_text="A position that was held is retired, not deleted."
    )

    named_after = ("organization",)
    objects = PositionQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # so that `template.positions.add(...)` uses it too
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_has_a_name",
                violation_error_message="A position needs a name.",
            ),
        ]
        indexes = [
            # GET /api/memberships and /api/positions without filters: the order of the whole roster
            models.Index(fields=["order_key", "id"], name="position_by_order"),
            # GET /api/memberships?organizationId= and /api/positions?organizationId=
            models.Index(fields=["organization", "order_key", "id"], name="position_by_organization"),
            # Names and Roles: the next position of an organization, so that positions without members are skipped
            models.Index(fields=["organization", "id"], name="position_of_organization"),
            # Names and Roles: recent changes of a roster
            models.Index(fields=["modified_at"], name="position_by_modification"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.organization.name}"

    def clean(self) -> None:
        """Require a type unless the template has a default type."""
        if self.type_id is None and self.template_id is not None and self.template.default_type_id is None:
            raise ValidationError({"type": f"Choose a type: the template “{self.template}” has no default type."})

    @classmethod
    def derive(cls, rows: Sequence["Position"], written: Collection[str] | None = None) -> set[str]:
        """Set the template's type if there is none, and the order key.

        The rows of the organizations are locked, so that a concurrent rename updates all positions.
        """
        untyped = [row for row in rows if row.type_id is None]
        if untyped:
            default_types = dict(
                PositionTemplate.objects.filter(pk__in={row.template_id for row in untyped}).values_list(
                    "pk", "default_type_id"
                )
            )
            for row in untyped:
                row.type_id = default_types.get(row.template_id)  # type: ignore[assignment]
        if written is not None and {"name", "organization", "organization_id"}.isdisjoint(written):
            return set()
        organizations = Organization.objects.select_for_update(no_key=True).order_by("pk")
        names = dict(
            organizations.filter(pk__in={row.organization_id for row in rows}).values_list("pk", "name_folded")
        )
        for row in rows:
            row.order_key = order_key(names.get(row.organization_id, ""), row.organization_id, row.name)
        return {"order_key"}

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the position in one transaction with the lock on its organization."""
        with transaction.atomic():
            super().save(*args, **kwargs)
