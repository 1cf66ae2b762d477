from typing import Any

from django import forms

from memberships.models import Membership
from roster.admin.forms import ConstraintForm, FixedRelationForm, flag_field

AS_THE_TEMPLATE = "As its template says"


class MembershipForm(ConstraintForm):
    shown_on_campus = flag_field(
        "On the campus roster", AS_THE_TEMPLATE, "May signed-in people and campus programs see it?"
    )
    shown_on_public = flag_field("On the public roster", AS_THE_TEMPLATE, "May everybody see it?")

    class Meta:
        model = Membership
        fields = ()  # the page chooses


class MembershipRow(FixedRelationForm, MembershipForm):
    """A membership in the table of its holder or its position."""


class MembershipPageForm(MembershipForm):
    """The form of a membership's page, with the reflection for people who may change it."""

    reflection_text = forms.CharField(
        label="Reflection",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "cols": 80}),
        help_text="The member's own text. Clear the field to delete it.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "reflection_text" in self.fields:
            self.initial["reflection_text"] = text_of(self.instance)


def text_of(membership: Membership) -> str:
    """The text of the reflection, or ""."""
    return membership.reflection.text if hasattr(membership, "reflection") else ""
