"""Base classes of the admin's forms: constraints as form errors, lists with a text on each line, three-state flags."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms.fields import InvalidJSONInput
from django.forms.utils import ErrorDict
from django.forms.widgets import Input
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from roster import json_text
from roster.admin import optimistic_locking


class ConstraintForm(forms.ModelForm):
    """A form that saves only the fields that were changed.

    It checks every constraint of its row, also those on columns without a form field. A field that was submitted
    unchanged keeps its stored value, which is not validated again. A value that somebody else has saved since the page
    was built is not overwritten.
    """

    is_gone = False
    """Was its row deleted after the page was built? Then nothing of the form is saved."""
    _kept: frozenset[str] = frozenset()

    @cached_property
    def changed_data(self) -> list[str]:
        if self.is_gone:
            return []
        changed = forms.ModelForm.changed_data.__get__(self, type(self))
        return changed if self.instance.pk is None else [name for name in changed if not is_as_shown(self[name])]

    def full_clean(self) -> None:
        if not (self.is_bound and self.is_gone):
            super().full_clean()
            return
        self._errors, self.cleaned_data = ErrorDict(), {}
        if optimistic_locking.submitted_version(self) != {} and optimistic_locking.is_edited(self):
            self.add_error(None, optimistic_locking.DELETED_MESSAGE)

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        if self.instance.pk is None:
            return
        columns = {field.name for field in self.instance._meta.concrete_fields if not field.is_relation}
        self._kept = frozenset(columns.intersection(self.fields).difference(self.changed_data))
        for name in self._kept:
            self._errors.pop(name, None)
            self.cleaned_data[name] = getattr(self.instance, name)

    def _get_validation_exclusions(self) -> set[str]:
        return {*super()._get_validation_exclusions(), *self._kept}  # type: ignore[misc]

    def validate_unique(self) -> None:
        """Check the uniqueness of unchanged fields too. Their other checks, which skip them, are already done."""
        self._kept = frozenset()
        super().validate_unique()

    def prepare_instance(self) -> None:
        """Set what the constraints of the row require, before the form's values are assigned and the row is checked."""

    def check_instance(self) -> None:
        """Add the errors that no constraint finds, after the constraints were checked."""

    def _post_clean(self) -> None:
        self.prepare_instance()
        super()._post_clean()  # type: ignore[misc]
        if optimistic_locking.is_of_saved_row(self):
            for name, sentence in optimistic_locking.conflicts(self):
                self.add_error(name, ValidationError(sentence, code=optimistic_locking.CONFLICT))
        try:
            self.instance.validate_constraints(exclude=set(self.errors))
        except ValidationError as error:
            reported = [message for messages in self.errors.values() for message in messages]
            if others := [message for message in error.messages if message not in reported]:
                self.add_error(None, others)
        self.check_instance()


def is_as_shown(bound: Any) -> bool:
    """Was this field submitted unchanged? Browsers change line ends, and trim URLs and e-mail addresses."""
    widget, submitted = bound.field.widget, bound.data
    if not isinstance(widget, Input | forms.Textarea | forms.MultiWidget) or isinstance(widget, forms.CheckboxInput):
        return False
    value = bound.initial if isinstance(widget, forms.MultiWidget) else bound.field.prepare_value(bound.initial)
    shown = optimistic_locking.input_texts(widget, value)
    return [as_sent(widget, text) for text in shown] == [as_sent(widget, text) for text in texts_of(submitted)]


def texts_of(submitted: Any) -> list[str]:
    values = submitted if isinstance(submitted, list) else [submitted]
    return ["" if text is None else str(text) for text in values]


def as_sent(widget: Any, text: str) -> str:
    """A text as browsers send it."""
    if isinstance(widget, forms.Textarea):
        return text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\r", "").replace("\n", "")
    return text.strip(" \t\f") if getattr(widget, "input_type", "") in {"url", "email"} else text


class LinesField(forms.CharField):
    """A list of texts, one on each line. If a text has line breaks, the list is shown and entered as a JSON list."""

    widget = forms.Textarea(attrs={"rows": 3, "cols": 60})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, list):
            return value
        if all(isinstance(text, str) and text == text.strip() and is_one_line(text) for text in value):
            return "\n".join(value)
        return json.dumps(value, ensure_ascii=False, indent=1)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, list):
            return value
        text = str(super().to_python(value))
        if text.startswith("["):
            texts = self._from_json(text)
        else:
            texts = [line.strip() for line in text.splitlines() if line.strip()]
        if any("\x00" in text for text in texts):
            raise ValidationError("Null characters are not allowed.", code="null_character")
        return texts

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(data) != (initial or []))
        except ValidationError:
            return True

    @staticmethod
    def _from_json(text: str) -> list[str]:
        try:
            texts = json_text.parse(text)
        except ValueError:
            texts = None
        if not isinstance(texts, list) or not all(isinstance(item, str) for item in texts):
            raise ValidationError('Enter one text on each line, or a JSON list: ["one", "another"].', code="lines")
        return texts


class JSONText(forms.JSONField):
    """JSON as `json_text.parse` accepts it. An empty value is stored as the default of the column, such as a list."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip() and not self._is_readable(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid", params={"value": value})
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        found = super().clean(value)
        return self.initial() if found in self.empty_values and callable(self.initial) else found

    def bound_data(self, data: Any, initial: Any) -> Any:
        if data is not None and not self.disabled and not self._is_readable(data):
            return InvalidJSONInput(data)
        return super().bound_data(data, initial)

    @staticmethod
    def _is_readable(text: str) -> bool:
        try:
            json_text.parse(text)
        except ValueError:
            return False
        return True


def is_one_line(text: str) -> bool:
    """Can this text be written on one line and read again unchanged?"""
    return len(text.splitlines()) == 1 and not text.startswith("[")


class FlagWidget(forms.NullBooleanSelect):
    """Yes, no, or a default, which is labelled `default`, such as "As its template says"."""

    def __init__(self, default: str) -> None:
        super().__init__()
        self.choices = [("unknown", default), ("true", "Yes"), ("false", "No")]


def flag_field(label: str, default: str, help_text: str) -> forms.NullBooleanField:
    return forms.NullBooleanField(label=label, required=False, help_text=help_text, widget=FlagWidget(default))


class FixedRelationWidget(forms.Widget):
    """A link to the related row, which cannot be replaced by another one here."""

    def __init__(self, row: Model) -> None:
        super().__init__()
        self.row = row

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        opts = self.row._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.row.pk])
        return format_html('<a href="{}">{}</a>', url, self.row)


class FixedRelationField(forms.Field):
    """A read-only relation. It makes no query, so that a hundred of them cost nothing."""

    def __init__(self, row: Model, label: Any) -> None:
        super().__init__(required=False, disabled=True, label=label, widget=FixedRelationWidget(row))
        self.row = row

    def clean(self, value: Any) -> Model:
        return self.row


class FixedRelationForm(ConstraintForm):
    """A row of an inline: the relations of a saved row are read-only, those of a new row are chosen by autocomplete."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                self.fields[name] = FixedRelationField(getattr(self.instance, name), field.label)
