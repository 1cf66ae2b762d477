"""Inlines: the first rows of a related table on the page of a row, with a link to the list of all of them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet, UniqueConstraint
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

from roster.admin import optimistic_locking
from roster.admin.forms import FixedRelationForm
from roster.admin.lookups import DeclaredLookups
from roster.admin.pages import Link
from roster.admin.relations import RelationsByAutocomplete, is_id

MAX_SHOWN = 50
"""Maximum number of saved rows in an inline. All their fields are far below the maximum number of fields of a POST."""


class TruncatedFormSet(BaseInlineFormSet):
    """The first rows for editing. When submitted, it has exactly the submitted rows, even if others are first now."""

    inline: "TruncatedInline"

    @property
    def more(self) -> tuple[str, str] | None:
        """Text and URL of the link to the list of all rows; None on the page of a new row."""
        if self.instance.pk is None:
            return None
        shown, total = len(self.get_queryset()), self.inline.count_all(self.fk.name, self.instance)
        names = self.inline.verbose_name_plural
        text = f"All {total:,} {names}" if shown < total else f"As a list of {names}"
        return text, self.inline.more.url(self.instance)

    def _construct_form(self, number: int, **options: Any) -> Any:
        """Mark the form of a row that was deleted or closed meanwhile. The form then reports this and saves nothing."""
        form: Any = super()._construct_form(number, **options)  # type: ignore[misc]
        if self.is_bound and number < self.initial_form_count():
            is_gone = form.instance.pk is None and optimistic_locking.submitted_version(form) is not None
            form.is_gone = is_gone or (form.instance.pk is not None and self.inline.is_closed(form.instance))
        return form

    def clean(self) -> None:
        """Refuse to delete a row that somebody else has changed since the page was built."""
        super().clean()
        messages = []
        for form in self.initial_forms:
            deleted = self.can_delete and self._should_delete_form(form)  # type: ignore[attr-defined]
            if deleted and (changed := optimistic_locking.concurrently_changed_fields(form)):
                saved = "; ".join(
                    f"{form[name].label}: {optimistic_locking.display_value(form[name], form[name].initial)}"
                    for name in changed
                )
                messages.append(
                    f"“{form.instance}” was not deleted. Saved meanwhile: {saved}. To delete it, save once more."
                )
        if messages:
            raise ValidationError(messages)

    def get_queryset(self) -> Any:
        """The rows in the order of the forms; None for a submitted row that no longer exists."""
        if not hasattr(self, "_shown"):
            rows = super().get_queryset()
            if self.is_bound:
                submitted = self._submitted_ids()
                ids = [pk for pk in submitted if is_id(pk)]
                if self.instance.pk is not None:
                    optimistic_locking.lock(self.model, ids)
                found = {str(row.pk): row for row in rows.filter(pk__in=ids)}
                self._shown = [found.get(pk) for pk in submitted]
            else:
                self._shown = self.inline.narrowed(rows)[:MAX_SHOWN]
        return self._shown

    def _existing_object(self, pk: Any) -> Any:
        return next((row for row in self.get_queryset() if row is not None and row.pk == pk), None)

    def get_unique_error_message(self, unique_check: Any) -> str:
        """The error message of the constraint that two rows of this table violate together."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and set(constraint.fields) == set(unique_check):
                return constraint.get_violation_error_message()
        return str(super().get_unique_error_message(unique_check))

    def _submitted_ids(self) -> list[str]:
        last = min(self.initial_form_count(), MAX_SHOWN)
        names = (f"{self.add_prefix(number)}-{self.model._meta.pk.name}" for number in range(last))
        return [str(self.data.get(name, "")) for name in names]


class TruncatedInline(RelationsByAutocomplete, DeclaredLookups, admin.TabularInline):
    """A table with a fixed number of queries: saved rows show their relations as links, a new row has autocomplete."""

    form = FixedRelationForm
    formset = TruncatedFormSet
    template = "admin/truncated_inline.html"
    extra = 0
    show_change_link = True
    more: Link
    """The link to the list of all related rows."""
    shown = ""
    """A text that says which rows are shown, if they are not simply the first."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.inline = self
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Join all related rows, because relation fields and the names of rows show them."""
        return super().get_queryset(request).select_related(*(f.name for f in self.opts.fields if f.remote_field))

    def is_closed(self, row: Any) -> bool:
        """May this row no longer be changed?"""
        return False

    def narrowed(self, rows: Any) -> Any:
        """The rows among these that are shown here."""
        return rows

    def count_all(self, parent: str, row: Model) -> int:
        """The number of rows in the list that `more` links to."""
        rows: QuerySet[Any] = self.model._default_manager.filter(**{parent: row})
        return rows.count()
