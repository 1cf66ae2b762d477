from django.db import models
from django.db.models import Q

from organizations.models.named_model import NamedModel


class PositionType(NamedModel):
    """A category of positions: Officer, Member ..."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="position_type_has_a_name",
                violation_error_message="A position type needs a name.",
            ),
        ]
