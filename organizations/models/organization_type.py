from django.db import models
from django.db.models import Q

from organizations.models.named_model import NamedModel


class OrganizationType(NamedModel):
    """What kind of organization it is: Student Organization, Department, Fraternity ..."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="organization_type_has_a_name",
                violation_error_message="An organization type needs a name.",
            ),
        ]
