from django.db import models
from django.db.models import Q

from organizations.models.named_model import NamedModel


class Category(NamedModel):
    """A category of organizations: Arts, Service, Sports ..."""

    class Meta:
        verbose_name_plural = "categories"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""),
                name="category_has_a_name",
                violation_error_message="A category needs a name.",
            ),
        ]
