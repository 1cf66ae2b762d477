from django.db import models
from django.db.models import Q

from memberships.models.membership import Membership
from memberships.querysets import ReflectionQuerySet
from roster.models import ChangeTracked, TimeStamped


class Reflection(ChangeTracked, TimeStamped):
    """A member's own text about a membership. Fewer people may read it than the membership."""

    membership = models.OneToOneField(
        Membership,
        primary_key=True,
        related_name="reflection",
        on_delete=models.CASCADE,  # a part of the membership
    )
    text = models.TextField()

    objects = ReflectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="reflection_has_a_text",
                violation_error_message="A reflection needs a text. To remove it, delete it.",
            ),
        ]

    def __str__(self) -> str:
        return f"Reflection on membership {self.membership_id}"
