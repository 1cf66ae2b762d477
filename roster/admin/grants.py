"""Forms and lists of rows that let programs read the roster: nobody may grant more than they may read themselves.

The rule is in `roster/privacy.py`. If a row lets a program read more than the person who edits it may read, this person
may narrow or end it, but not extend, activate or otherwise change it.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from roster.admin.forms import ConstraintForm
from roster.admin.pages import StaffAdmin
from roster.api.authentication import audience_of
from roster.privacy import Audience, excess

Narrows = Callable[[Any, Any], bool]
"""A function of the old and the new value of a field: does the new one let the program read no more than before?"""


def grant_error(beyond_granter: list[str]) -> str:
    return (
        f"You may not grant this: it lets a program read {' and '.join(beyond_granter)}, which you may not read "
        "yourself. You may end it or narrow it, but not change anything else."
    )


def narrowed_by_value(*values: Any) -> Narrows:
    """A change to one of these values narrows."""
    return lambda old, new: new in values


def narrowed_by_order(*values: Any) -> Narrows:
    """A change to an earlier value in this order narrows."""
    return lambda old, new: values.index(new) <= values.index(old)


def narrowed_by_clearing(old: Any, new: Any) -> bool:
    """A change to an empty value narrows."""
    return not new


def narrowed_by_removal(old: Any, new: Any) -> bool:
    """The removal of rows narrows."""
    return {row.pk for row in new} <= {getattr(row, "pk", row) for row in old}


class GrantingForm(ConstraintForm):
    """A form whose row lets a program read the roster."""

    granter: ClassVar[Audience]
    """The audience of the person who uses the form. The page sets it."""

    narrowing: ClassVar[dict[str, Narrows]] = {}
    """The fields that can narrow what the program reads, with the function that decides."""

    def check_instance(self) -> None:
        if self.errors:
            return
        more = excess(self.granter, self.instance.grants)
        if more and not self.only_narrows():
            self.add_error(None, ValidationError(grant_error(more), code="beyond_granter"))

    def only_narrows(self) -> bool:
        return self.instance.pk is not None and all(
            name in self.narrowing and self.narrowing[name](self.initial.get(name), self.cleaned_data[name])
            for name in self.changed_data
        )


class GrantingAdmin(StaffAdmin):
    """Pages of rows that let programs read the roster. `grants` of a row is what it lets them read."""

    form = GrantingForm

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.granter = audience_of(request.user)  # type: ignore[arg-type]
        return form

    def beyond(self, request: HttpRequest, row: Any) -> list[str]:
        """The parts of a row's grant that the person may not grant."""
        return excess(audience_of(request.user), row.grants)  # type: ignore[arg-type]

    def grantable(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that a person may grant; shows an error for the others."""
        refused = {row.pk: more for row in queryset if (more := self.beyond(request, row))}
        for message in {grant_error(more) for more in refused.values()}:
            self.message_user(request, message, messages.ERROR)
        return queryset.exclude(pk__in=refused)
