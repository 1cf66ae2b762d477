"""Rows of a related table on a row's own page: the first few, and the way to all of them."""

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
"""Saved rows that an inline shows for editing. With the fields of each they stay far from what one POST may carry."""


class TruncatedFormSet(BaseInlineFormSet):
    """The first rows for editing; when sent back, exactly those rows, whatever has become of the others since."""

    inline: "TruncatedInline"

    @property
    def more(self) -> tuple[str, str] | None:
        """What to say of the rows that are not shown, and where they are; None on the page of a new row."""
        if self.instance.pk is None:
            return None
        shown, total = len(self.get_queryset()), self.inline.count_all(self.fk.name, self.instance)
        names = self.inline.verbose_name_plural
        text = f"All {total:,} {names}" if shown < total else f"As a list of {names}"
        return text, self.inline.more.url(self.instance)

    def _construct_form(self, number: int, **options: Any) -> Any:
        """A form of a row that is no longer there, or is closed by now, says so and changes nothing."""
        form: Any = super()._construct_form(number, **options)  # type: ignore[misc]
        if self.is_bound and number < self.initial_form_count():
            is_gone = form.instance.pk is None and optimistic_locking.submitted_version(form) is not None
            form.is_gone = is_gone or (form.instance.pk is not None and self.inline.is_closed(form.instance))
        return form

    def clean(self) -> None:
        """Nothing is deleted that somebody else has saved since the page was made."""
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
        """The rows in the order of the forms; None for one that was sent back and is there no more."""
        if not hasattr(self, "_shown"):
            rows = super().get_queryset()
            if self.is_bound:
                sent = self._sent_back()
                ids = [pk for pk in sent if is_id(pk)]
                if self.instance.pk is not None:
                    optimistic_locking.lock(self.model, ids)
                found = {str(row.pk): row for row in rows.filter(pk__in=ids)}
                self._shown = [found.get(pk) for pk in sent]
            else:
                self._shown = self.inline.narrowed(rows)[:MAX_SHOWN]
        return self._shown

    def _existing_object(self, pk: Any) -> Any:
        return next((row for row in self.get_queryset() if row is not None and row.pk == pk), None)

    def get_unique_error_message(self, unique_check: Any) -> str:
        """What the constraint says that two rows of this table break together."""
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint) and set(constraint.fields) == set(unique_check):
                return constraint.get_violation_error_message()
        return str(super().get_unique_error_message(unique_check))

    def _sent_back(self) -> list[str]:
        last = min(self.initial_form_count(), MAX_SHOWN)
        names = (f"{self.add_prefix(number)}-{self.model._meta.pk.name}" for number in range(last))
        return [str(self.data.get(name, "")) for name in names]


class TruncatedInline(RelationsByAutocomplete, DeclaredLookups, admin.TabularInline):
    """A table with a fixed number of queries: saved rows name what they point to, a new one chooses by autocomplete."""

    form = FixedRelationForm
    formset = TruncatedFormSet
    template = "admin/truncated_inline.html"
    extra = 0
    show_change_link = True
    more: Link
    """The way from the page's row to the list of all its rows."""
    shown = ""
    """Which of them are shown, where that is not simply the first."""

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.inline = self
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """With all that the rows point to: settled fields name it, and so does what a row is called."""
        return super().get_queryset(request).select_related(*(f.name for f in self.opts.fields if f.remote_field))

    def is_closed(self, row: Any) -> bool:
        """Is this a row that may no longer be changed?"""
        return False

    def narrowed(self, rows: Any) -> Any:
        """Those of the rows that are worth showing here."""
        return rows

    def count_all(self, parent: str, row: Model) -> int:
        """How many rows the list holds that `more` leads to."""
        rows: QuerySet[Any] = self.model._default_manager.filter(**{parent: row})
        return rows.count()
